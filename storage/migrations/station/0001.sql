-- The station's own tables: first. Frozen: a later change is a new file.

CREATE TABLE imagen (
    tabla TEXT NOT NULL,
    registro_id TEXT NOT NULL,
    fila TEXT NOT NULL,
    CONSTRAINT pk_imagen PRIMARY KEY (tabla, registro_id)
) WITHOUT ROWID;
CREATE TABLE impresion_por_tipo (
    tipo TEXT NOT NULL,
    impresora_id TEXT,
    plantilla TEXT,
    CONSTRAINT pk_impresion_por_tipo PRIMARY KEY (tipo)
);
CREATE TABLE impresora (
    id TEXT NOT NULL,
    nombre TEXT NOT NULL,
    destino TEXT NOT NULL,
    exclusiva INTEGER DEFAULT 0 NOT NULL,
    modelo TEXT,
    firmware TEXT,
    serie TEXT,
    dpi INTEGER NOT NULL,
    ancho_mm REAL NOT NULL,
    alto_mm REAL NOT NULL,
    offset_x_mm REAL DEFAULT 0 NOT NULL,
    offset_y_mm REAL DEFAULT 0 NOT NULL,
    creado_en TEXT NOT NULL,
    CONSTRAINT pk_impresora PRIMARY KEY (id),
    CONSTRAINT uq_impresora_nombre UNIQUE (nombre)
);
CREATE TABLE outbox (
    n INTEGER NOT NULL,
    id TEXT NOT NULL,
    usuario_id TEXT NOT NULL,
    cuerpo TEXT NOT NULL,
    enviado BOOLEAN DEFAULT 0 NOT NULL,
    firma TEXT,
    acusado_en TEXT,
    recibos TEXT,
    reoferta BOOLEAN DEFAULT 0 NOT NULL,
    espera TEXT,
    espera_motivo TEXT,
    CONSTRAINT pk_outbox PRIMARY KEY (n),
    CONSTRAINT uq_outbox_id UNIQUE (id)
);
CREATE TABLE outbox_fila (
    tabla TEXT NOT NULL,
    registro_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    campos TEXT NOT NULL,
    CONSTRAINT pk_outbox_fila PRIMARY KEY (tabla, registro_id, n)
) WITHOUT ROWID;
CREATE TABLE rechazo (
    cambio_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    usuario_id TEXT NOT NULL,
    motivo TEXT NOT NULL,
    mensaje TEXT NOT NULL,
    cuerpo TEXT NOT NULL,
    rechazado_en TEXT NOT NULL,
    CONSTRAINT pk_rechazo PRIMARY KEY (cambio_id)
);
CREATE TABLE trabajo_impresion (
    id TEXT NOT NULL,
    destino TEXT NOT NULL,
    tabla TEXT,
    registro_id TEXT,
    titulo TEXT NOT NULL,
    tipo TEXT,
    impresora_id TEXT,
    datos BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    copias INTEGER DEFAULT 1 NOT NULL,
    prioridad INTEGER DEFAULT 0 NOT NULL,
    salidas INTEGER DEFAULT 0 NOT NULL,
    dudosas INTEGER DEFAULT 0 NOT NULL,
    estado TEXT NOT NULL,
    empezado INTEGER DEFAULT 0 NOT NULL,
    intento TEXT,
    contador_antes INTEGER,
    serie_antes TEXT,
    intentos INTEGER DEFAULT 0 NOT NULL,
    reimpresion_de TEXT,
    cancelado INTEGER DEFAULT 0 NOT NULL,
    error TEXT,
    creado_en TEXT NOT NULL,
    actualizado_en TEXT NOT NULL,
    CONSTRAINT pk_trabajo_impresion PRIMARY KEY (id),
    CHECK (estado IN ('en_cola', 'enviando', 'impreso', 'incierto', 'fallido'))
);
CREATE INDEX ix_outbox_espera ON outbox (n) WHERE acusado_en IS NULL;
CREATE INDEX ix_outbox_fila_n ON outbox_fila (n);
CREATE INDEX ix_trabajo_impresion_estado ON trabajo_impresion (estado);
CREATE INDEX ix_trabajo_impresion_registro_id ON trabajo_impresion (registro_id);
