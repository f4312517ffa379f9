-- Schema 2 of the replica: stock; the outbox keeps what was acknowledged. Frozen: a later change is a new file.

CREATE TABLE producto (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    sku VARCHAR(60),
    codigo_barras VARCHAR(60),
    nombre VARCHAR(200),
    tipo TEXT,
    categoria VARCHAR(120),
    marca VARCHAR(120),
    modelos_compatibles TEXT,
    costo_centavos INTEGER,
    precio_centavos INTEGER,
    stock_minimo INTEGER,
    serializado BOOLEAN,
    garantia_dias INTEGER,
    ubicacion_id VARCHAR(36),
    activo BOOLEAN,
    borrado_en VARCHAR(24),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_producto PRIMARY KEY (rid),
    CONSTRAINT uq_producto_id UNIQUE (id)
);
CREATE INDEX ix_producto_codigo_barras ON producto (codigo_barras);
CREATE INDEX ix_producto_sku ON producto (sku);
CREATE TABLE movimiento_stock (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    producto_id VARCHAR(36),
    sucursal_id VARCHAR(36),
    tipo TEXT,
    cantidad INTEGER,
    costo_centavos INTEGER,
    ref_tipo VARCHAR(40),
    ref_id VARCHAR(36),
    motivo_id VARCHAR(36),
    nota VARCHAR(200),
    ocurrio_en VARCHAR(24),
    observado VARCHAR(40),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_movimiento_stock PRIMARY KEY (rid),
    CONSTRAINT uq_movimiento_stock_id UNIQUE (id)
);
CREATE INDEX ix_movimiento_stock_producto_id ON movimiento_stock (producto_id);
CREATE TABLE existencia (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    producto_id VARCHAR(36),
    sucursal_id VARCHAR(36),
    stock INTEGER,
    reservado INTEGER,
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_existencia PRIMARY KEY (rid),
    CONSTRAINT uq_existencia_id UNIQUE (id)
);
CREATE INDEX ix_existencia_producto_id ON existencia (producto_id);
ALTER TABLE estacion ADD COLUMN anterior_id VARCHAR(36);

-- An acknowledged Cambio stays for 30 days: a server restored from a backup is offered it again. firma: JSON of its
-- author's proof. recibos: JSON list of its receipts, one for each epoch, the newest last. reoferta: it is offered again.
ALTER TABLE outbox ADD COLUMN firma TEXT;
ALTER TABLE outbox ADD COLUMN acusado_en TEXT;
ALTER TABLE outbox ADD COLUMN recibos TEXT;
ALTER TABLE outbox ADD COLUMN reoferta BOOLEAN NOT NULL DEFAULT 0;
-- What the server said that it waits for; null: it hasn't, or not yet.
ALTER TABLE outbox ADD COLUMN espera TEXT;
ALTER TABLE outbox ADD COLUMN espera_motivo TEXT;
CREATE INDEX ix_outbox_espera ON outbox (n) WHERE acusado_en IS NULL;

-- A station of schema 1 lacks the new tables' rows: it takes a snapshot.
INSERT OR REPLACE INTO sync_state SELECT 'rebuild', 'true' FROM sync_state WHERE clave = 'estacion_id';
