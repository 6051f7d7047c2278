//! What the connector may ask and what a desk must answer, as a machine-readable contract.
