-- No text is noted between two transactions.
DELETE FROM new_documents;
