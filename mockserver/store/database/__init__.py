"""The database: tables, connections and transactions."""
