-- Trigrams serve LIKE; without this extension LIKE reads every text.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE INDEX texts_trigrams ON texts USING gin (text gin_trgm_ops);
