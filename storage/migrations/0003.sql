-- Schema 3 of the replica: label templates, printers, the whole print queue. Frozen: a later change is a new file.

CREATE TABLE plantilla_etiqueta (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    nombre VARCHAR(120),
    tipo TEXT,
    cuerpo TEXT,
    activa BOOLEAN,
    borrado_en VARCHAR(24),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_plantilla_etiqueta PRIMARY KEY (rid),
    CONSTRAINT uq_plantilla_etiqueta_id UNIQUE (id)
);

-- The station's own printers. exclusiva: nobody else prints there, so that its label counter is proof also after a
-- connection broke.
CREATE TABLE impresora (
    id TEXT NOT NULL PRIMARY KEY,
    nombre TEXT NOT NULL UNIQUE,
    destino TEXT NOT NULL,
    exclusiva INTEGER NOT NULL DEFAULT 0,
    modelo TEXT,
    firmware TEXT,
    serie TEXT,
    dpi INTEGER NOT NULL,
    ancho_mm REAL NOT NULL,
    alto_mm REAL NOT NULL,
    offset_x_mm REAL NOT NULL DEFAULT 0,
    offset_y_mm REAL NOT NULL DEFAULT 0,
    creado_en TEXT NOT NULL
);

-- Where labels of a kind go by themselves, and with which template (the name of a shipped one, or an id).
CREATE TABLE impresion_por_tipo (
    tipo TEXT NOT NULL PRIMARY KEY,
    impresora_id TEXT,
    plantilla TEXT
);

-- prioridad: higher goes first. salidas: copies known to be out; dudosas: sent, and nobody proved them. empezado: a
-- format may have begun. intento: names the sending whose end may have followed, in what the printer is asked to
-- answer. contador_antes, serie_antes: what the printer said before. cancelado: somebody gave up what is missing.
ALTER TABLE trabajo_impresion RENAME COLUMN orden_id TO registro_id;
ALTER TABLE trabajo_impresion ADD COLUMN tabla TEXT;
ALTER TABLE trabajo_impresion ADD COLUMN tipo TEXT;
ALTER TABLE trabajo_impresion ADD COLUMN impresora_id TEXT;
ALTER TABLE trabajo_impresion ADD COLUMN prioridad INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trabajo_impresion ADD COLUMN salidas INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trabajo_impresion ADD COLUMN intento TEXT;
ALTER TABLE trabajo_impresion ADD COLUMN reimpresion_de TEXT;
ALTER TABLE trabajo_impresion ADD COLUMN dudosas INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trabajo_impresion ADD COLUMN empezado INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trabajo_impresion ADD COLUMN serie_antes TEXT;
ALTER TABLE trabajo_impresion ADD COLUMN cancelado INTEGER NOT NULL DEFAULT 0;
UPDATE trabajo_impresion SET tabla = 'orden', tipo = 'orden' WHERE registro_id IS NOT NULL;
CREATE INDEX ix_trabajo_impresion_registro_id ON trabajo_impresion (registro_id);

-- A station of an older schema lacks the new table's rows: it takes a snapshot.
INSERT OR REPLACE INTO sync_state SELECT 'rebuild', 'true' FROM sync_state WHERE clave = 'estacion_id';
