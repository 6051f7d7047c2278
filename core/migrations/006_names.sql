-- The vocabulary of docs/glossary.md. Only names change: renaming a table or a column rewrites the schema and no row, so this
-- step costs the same for any history. Stored values keep their spelling, and so do indexes, which can only be made anew.

ALTER TABLE account RENAME COLUMN desk TO server;
ALTER TABLE account RENAME COLUMN scrub TO secure_delete_from;
ALTER TABLE account RENAME COLUMN rescued TO salvaged;
ALTER TABLE account RENAME COLUMN rescue_lost TO salvage_lost;

ALTER TABLE tickets RENAME COLUMN desk_status TO server_status;
ALTER TABLE tickets RENAME COLUMN thread_of TO thread_as_of;
ALTER TABLE tickets RENAME COLUMN thread_sure TO thread_settled;
ALTER TABLE tickets RENAME COLUMN thread_wanted TO thread_requested;
ALTER TABLE tickets RENAME COLUMN noticed_at TO update_seen_at;
ALTER TABLE tickets RENAME COLUMN gone_at TO revoked_at;

ALTER TABLE outbox RENAME COLUMN base TO high_water_mark;
ALTER TABLE outbox RENAME COLUMN begun TO ever_attempted;
ALTER TABLE outbox RENAME COLUMN doubts TO ambiguous_attempts;
ALTER TABLE outbox RENAME COLUMN reads TO empty_reads;
ALTER TABLE outbox RENAME COLUMN quiet_since TO first_missed_at;
ALTER TABLE outbox RENAME COLUMN wait_firm TO wait_server_imposed;
ALTER TABLE outbox RENAME COLUMN reason_words TO server_message;

ALTER TABLE lists RENAME COLUMN walk_from TO backfill_watermark;
ALTER TABLE lists RENAME COLUMN walk_cursor TO backfill_cursor;
ALTER TABLE lists RENAME COLUMN walked TO backfill_rows;
ALTER TABLE lists RENAME COLUMN expected TO expected_rows;
ALTER TABLE lists RENAME COLUMN sweep_cursor TO reconciliation_cursor;
ALTER TABLE lists RENAME COLUMN swept TO reconciled;

ALTER TABLE downloads RENAME COLUMN place TO attachment_index;

ALTER TABLE met RENAME COLUMN sweep TO reconciliation;
ALTER TABLE met RENAME TO reconciliation_marks;
ALTER TABLE sweep RENAME TO reconciliation;
ALTER TABLE spent RENAME TO request_budget;
ALTER TABLE doomed RENAME TO pending_deletes;
