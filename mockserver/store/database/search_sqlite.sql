-- Trigrams find any term of three characters or more; the triggers keep the index current.

CREATE VIRTUAL TABLE texts_fts
USING fts5(text, content='texts', content_rowid='key', tokenize='trigram case_sensitive 1');

CREATE TRIGGER texts_added AFTER INSERT ON texts
BEGIN INSERT INTO texts_fts(rowid, text) VALUES (new.key, new.text); END;

CREATE TRIGGER texts_removed AFTER DELETE ON texts
BEGIN INSERT INTO texts_fts(texts_fts, rowid, text) VALUES ('delete', old.key, old.text); END;
