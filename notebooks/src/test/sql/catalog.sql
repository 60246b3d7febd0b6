-- What bin/spark-sql answers to each of these stands in catalog.out: rows, one a line, columns parted by tabs.
CREATE NAMESPACE c.db;
CREATE TABLE c.db.orders (id BIGINT NOT NULL, status STRING DEFAULT 'new', price DECIMAL(12,2), PRIMARY KEY (id));
INSERT INTO c.db.orders VALUES (1, 'open', 10.5), (2, 'open', 20), (3, 'done', 30);
SHOW TABLES IN c.db;
SELECT * FROM c.db.orders ORDER BY id;

UPDATE c.db.orders SET status = 'paid' WHERE id = 2;
DELETE FROM c.db.orders WHERE id = 1;
MERGE INTO c.db.orders t USING (SELECT * FROM VALUES (3, 'gone'), (4, 'new') AS v (id, status)) s ON t.id = s.id
  WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, status) VALUES (s.id, s.status);
INSERT INTO c.db.orders WITH ('onConflict' = 'ignore') VALUES (2, 'lost', 0), (5, DEFAULT, 50);
SELECT * FROM c.db.orders ORDER BY id;
SELECT * FROM c.db.orders WHERE id IN (2, 3);
SELECT status, count(*) FROM c.db.orders VERSION AS OF 1 GROUP BY status ORDER BY status;

ALTER TABLE c.db.orders ADD COLUMN note STRING DEFAULT 'none' AFTER id;
SELECT id, note FROM c.db.orders WHERE id = 5;
SELECT version, operation FROM c.db.orders.history ORDER BY version;
CALL c.system.rollback(table => 'db.orders', version => 1);
SELECT count(*), min(id), max(id) FROM c.db.orders;

CREATE TABLE c.db.copy TBLPROPERTIES ('primaryKey' = 'id') AS SELECT id, price FROM c.db.orders;
ALTER TABLE c.db.copy RENAME TO db.moved;
SELECT /*+ LOOKUP_JOIN(m) */ o.id, m.price FROM c.db.orders o JOIN c.db.moved m ON o.id = m.id ORDER BY o.id;
DROP TABLE c.db.moved;

-- In the shell's own catalog, whose list of tables is kept by Hive's metastore.
CREATE TABLE mine (id BIGINT, v STRING, PRIMARY KEY (id)) USING alexstore;
INSERT INTO mine SELECT id, 'v' || id FROM range(1000);
SELECT count(*) FROM mine WHERE id BETWEEN 10 AND 19;
SHOW TABLES;
