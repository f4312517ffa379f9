-- Schema 1 of what travels: first. Frozen: a later change is a new file.

CREATE TABLE categoria_problema (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    codigo VARCHAR(40),
    nombre VARCHAR(120),
    orden INTEGER,
    color VARCHAR(20),
    activo BOOLEAN,
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_categoria_problema PRIMARY KEY (rid),
    CONSTRAINT uq_categoria_problema_id UNIQUE (id)
);
CREATE TABLE categoria_servicio (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    codigo VARCHAR(40),
    nombre VARCHAR(120),
    orden INTEGER,
    color VARCHAR(20),
    activo BOOLEAN,
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_categoria_servicio PRIMARY KEY (rid),
    CONSTRAINT uq_categoria_servicio_id UNIQUE (id)
);
CREATE TABLE cliente (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    nro_cliente VARCHAR(20),
    tipo TEXT,
    nombre VARCHAR(120),
    apellido VARCHAR(120),
    empresa_id VARCHAR(36),
    telefono VARCHAR(40),
    telefono_alternativo VARCHAR(40),
    telefono_e164 VARCHAR(20),
    email VARCHAR(200),
    pais VARCHAR(2),
    tipo_doc VARCHAR(20),
    dni VARCHAR(40),
    direccion VARCHAR(200),
    ciudad VARCHAR(120),
    canal_preferido TEXT,
    consentimiento_mensajes_en VARCHAR(24),
    consentimiento_baja_en VARCHAR(24),
    notas TEXT,
    fusionado_en_id VARCHAR(36),
    anonimizado_en VARCHAR(24),
    borrado_en VARCHAR(24),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_cliente PRIMARY KEY (rid),
    CONSTRAINT uq_cliente_id UNIQUE (id)
);
CREATE TABLE comentario (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    entidad TEXT,
    entidad_id VARCHAR(36),
    sucursal_id VARCHAR(36),
    texto TEXT,
    visibilidad TEXT,
    fijado BOOLEAN,
    borrado_en VARCHAR(24),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_comentario PRIMARY KEY (rid),
    CONSTRAINT uq_comentario_id UNIQUE (id)
);
CREATE TABLE conflicto (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    tabla TEXT,
    registro_id VARCHAR(36),
    sucursal_id VARCHAR(36),
    campo TEXT,
    valor_servidor TEXT,
    valor_tardio TEXT,
    autor_servidor_id VARCHAR(36),
    autor_tardio_id VARCHAR(36),
    estacion_tardia_id VARCHAR(36),
    cambio_id VARCHAR(36),
    servidor_en VARCHAR(24),
    tardio_en VARCHAR(24),
    resuelto_por VARCHAR(36),
    resuelto_en VARCHAR(24),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_conflicto PRIMARY KEY (rid),
    CONSTRAINT uq_conflicto_id UNIQUE (id)
);
CREATE TABLE criticidad (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    codigo VARCHAR(40),
    nombre VARCHAR(120),
    orden INTEGER,
    color VARCHAR(20),
    activo BOOLEAN,
    nivel INTEGER,
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_criticidad PRIMARY KEY (rid),
    CONSTRAINT uq_criticidad_id UNIQUE (id)
);
CREATE TABLE empleado (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    nombre VARCHAR(120),
    apellido VARCHAR(120),
    cargo VARCHAR(80),
    sucursal_id VARCHAR(36),
    activo BOOLEAN,
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_empleado PRIMARY KEY (rid),
    CONSTRAINT uq_empleado_id UNIQUE (id)
);
CREATE TABLE empresa (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    razon_social VARCHAR(200),
    nombre_fantasia VARCHAR(200),
    tipo_doc VARCHAR(20),
    documento VARCHAR(40),
    giro VARCHAR(120),
    direccion VARCHAR(200),
    ciudad VARCHAR(120),
    pais VARCHAR(2),
    telefono_e164 VARCHAR(20),
    email VARCHAR(200),
    contacto_principal_id VARCHAR(36),
    notas TEXT,
    activa BOOLEAN,
    borrado_en VARCHAR(24),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_empresa PRIMARY KEY (rid),
    CONSTRAINT uq_empresa_id UNIQUE (id)
);
CREATE TABLE equipo (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    cliente_id VARCHAR(36),
    tipo_equipo_id VARCHAR(36),
    marca VARCHAR(120),
    modelo VARCHAR(120),
    serie VARCHAR(120),
    imei VARCHAR(40),
    color VARCHAR(40),
    descripcion TEXT,
    ubicacion_id VARCHAR(36),
    garantia_hasta VARCHAR(10),
    codigo_etiqueta VARCHAR(40),
    referencia_externa VARCHAR(120),
    borrado_en VARCHAR(24),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_equipo PRIMARY KEY (rid),
    CONSTRAINT uq_equipo_id UNIQUE (id)
);
CREATE TABLE estacion (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    nombre VARCHAR(80),
    usuario_id VARCHAR(36),
    sucursal_id VARCHAR(36),
    codigo VARCHAR(3),
    estado TEXT,
    anterior_id VARCHAR(36),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_estacion PRIMARY KEY (rid),
    CONSTRAINT uq_estacion_id UNIQUE (id)
);
CREATE TABLE estado_orden (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    codigo VARCHAR(40),
    nombre VARCHAR(120),
    orden INTEGER,
    color VARCHAR(20),
    activo BOOLEAN,
    clase TEXT,
    nombre_ticket VARCHAR(120),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_estado_orden PRIMARY KEY (rid),
    CONSTRAINT uq_estado_orden_id UNIQUE (id)
);
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
CREATE TABLE historial_orden (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    orden_id VARCHAR(36),
    sucursal_id VARCHAR(36),
    de_estado TEXT,
    a_estado TEXT,
    de_tecnico_id VARCHAR(36),
    a_tecnico_id VARCHAR(36),
    motivo_id VARCHAR(36),
    nota TEXT,
    ocurrio_en VARCHAR(24),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_historial_orden PRIMARY KEY (rid),
    CONSTRAINT uq_historial_orden_id UNIQUE (id)
);
CREATE TABLE marca (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    codigo VARCHAR(40),
    nombre VARCHAR(120),
    orden INTEGER,
    color VARCHAR(20),
    activo BOOLEAN,
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_marca PRIMARY KEY (rid),
    CONSTRAINT uq_marca_id UNIQUE (id)
);
CREATE TABLE motivo (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    codigo VARCHAR(40),
    nombre VARCHAR(120),
    orden INTEGER,
    color VARCHAR(20),
    activo BOOLEAN,
    ambito VARCHAR(40),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_motivo PRIMARY KEY (rid),
    CONSTRAINT uq_motivo_id UNIQUE (id)
);
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
CREATE TABLE orden (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    folio VARCHAR(20),
    tipo TEXT,
    sucursal_id VARCHAR(36),
    cliente_id VARCHAR(36),
    empresa_id VARCHAR(36),
    equipo_id VARCHAR(36),
    titulo VARCHAR(200),
    descripcion TEXT,
    falla_reportada TEXT,
    diagnostico TEXT,
    trabajo_realizado TEXT,
    categoria_id VARCHAR(36),
    categoria_problema_id VARCHAR(36),
    prioridad_id VARCHAR(36),
    criticidad_id VARCHAR(36),
    ubicacion_id VARCHAR(36),
    ubicacion_fisica VARCHAR(80),
    estado TEXT,
    motivo_id VARCHAR(36),
    tecnico_id VARCHAR(36),
    recibido_por_id VARCHAR(36),
    recepcion_en VARCHAR(24),
    prometida_en VARCHAR(24),
    inicio_en VARCHAR(24),
    fin_en VARCHAR(24),
    entrega_en VARCHAR(24),
    sla_vence_en VARCHAR(24),
    en_garantia BOOLEAN,
    garantia_dias INTEGER,
    garantia_vence_en VARCHAR(24),
    orden_origen_id VARCHAR(36),
    plan_id VARCHAR(36),
    total_centavos INTEGER,
    abonado_centavos INTEGER,
    moneda VARCHAR(3),
    accesorios TEXT,
    clave_equipo_cifrada TEXT,
    codigo_publico VARCHAR(22),
    canal_origen VARCHAR(40),
    referencia_externa VARCHAR(120),
    datos_externos TEXT,
    folio_impreso VARCHAR(20),
    borrado_en VARCHAR(24),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_orden PRIMARY KEY (rid),
    CONSTRAINT uq_orden_id UNIQUE (id)
);
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
CREATE TABLE prioridad (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    codigo VARCHAR(40),
    nombre VARCHAR(120),
    orden INTEGER,
    color VARCHAR(20),
    activo BOOLEAN,
    peso INTEGER,
    sla_respuesta_min INTEGER,
    sla_solucion_min INTEGER,
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_prioridad PRIMARY KEY (rid),
    CONSTRAINT uq_prioridad_id UNIQUE (id)
);
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
CREATE TABLE sucursal (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    codigo VARCHAR(12),
    nombre VARCHAR(120),
    direccion VARCHAR(200),
    telefono VARCHAR(40),
    zona_horaria VARCHAR(60),
    moneda VARCHAR(3),
    pais VARCHAR(2),
    logo_claro VARCHAR(900000),
    logo_oscuro VARCHAR(900000),
    activa BOOLEAN,
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_sucursal PRIMARY KEY (rid),
    CONSTRAINT uq_sucursal_id UNIQUE (id)
);
CREATE TABLE sync_state (
    clave TEXT NOT NULL,
    valor TEXT,
    CONSTRAINT pk_sync_state PRIMARY KEY (clave)
) WITHOUT ROWID;
CREATE TABLE tipo_equipo (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    codigo VARCHAR(40),
    nombre VARCHAR(120),
    orden INTEGER,
    color VARCHAR(20),
    activo BOOLEAN,
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_tipo_equipo PRIMARY KEY (rid),
    CONSTRAINT uq_tipo_equipo_id UNIQUE (id)
);
CREATE TABLE ubicacion (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    codigo VARCHAR(40),
    nombre VARCHAR(120),
    orden INTEGER,
    color VARCHAR(20),
    activo BOOLEAN,
    sucursal_id VARCHAR(36),
    padre_id VARCHAR(36),
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_ubicacion PRIMARY KEY (rid),
    CONSTRAINT uq_ubicacion_id UNIQUE (id)
);
CREATE TABLE usuario (
    rid INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    username VARCHAR(80),
    nombre VARCHAR(120),
    apellido VARCHAR(120),
    rol TEXT,
    empleado_id VARCHAR(36),
    cliente_id VARCHAR(36),
    sucursal_id VARCHAR(36),
    activo BOOLEAN,
    debe_cambiar_clave BOOLEAN,
    idioma TEXT,
    tema TEXT,
    version INTEGER,
    creado_en VARCHAR(24),
    actualizado_en VARCHAR(24),
    creado_por VARCHAR(36),
    actualizado_por VARCHAR(36),
    estacion_id VARCHAR(36),
    CONSTRAINT pk_usuario PRIMARY KEY (rid),
    CONSTRAINT uq_usuario_id UNIQUE (id)
);
CREATE INDEX ix_categoria_problema_codigo ON categoria_problema (codigo);
CREATE INDEX ix_categoria_servicio_codigo ON categoria_servicio (codigo);
CREATE INDEX ix_cliente_dni ON cliente (dni);
CREATE INDEX ix_cliente_empresa_id ON cliente (empresa_id);
CREATE INDEX ix_cliente_nro_cliente ON cliente (nro_cliente);
CREATE INDEX ix_cliente_telefono_e164 ON cliente (telefono_e164);
CREATE INDEX ix_comentario_entidad_id ON comentario (entidad_id);
CREATE INDEX ix_conflicto_registro_id ON conflicto (registro_id);
CREATE INDEX ix_criticidad_codigo ON criticidad (codigo);
CREATE INDEX ix_empresa_documento ON empresa (documento);
CREATE INDEX ix_equipo_cliente_id ON equipo (cliente_id);
CREATE INDEX ix_equipo_codigo_etiqueta ON equipo (codigo_etiqueta);
CREATE INDEX ix_equipo_imei ON equipo (imei);
CREATE INDEX ix_equipo_referencia_externa ON equipo (referencia_externa);
CREATE INDEX ix_equipo_serie ON equipo (serie);
CREATE INDEX ix_estado_orden_codigo ON estado_orden (codigo);
CREATE INDEX ix_existencia_producto_id ON existencia (producto_id);
CREATE INDEX ix_historial_orden_orden_id ON historial_orden (orden_id);
CREATE INDEX ix_marca_codigo ON marca (codigo);
CREATE INDEX ix_motivo_codigo ON motivo (codigo);
CREATE INDEX ix_movimiento_stock_producto_id ON movimiento_stock (producto_id);
CREATE INDEX ix_orden_cliente_id ON orden (cliente_id);
CREATE INDEX ix_orden_codigo_publico ON orden (codigo_publico);
CREATE INDEX ix_orden_equipo_id ON orden (equipo_id);
CREATE INDEX ix_orden_estado ON orden (estado);
CREATE INDEX ix_orden_folio ON orden (folio);
CREATE INDEX ix_orden_recepcion_en ON orden (recepcion_en);
CREATE INDEX ix_orden_referencia_externa ON orden (referencia_externa);
CREATE INDEX ix_prioridad_codigo ON prioridad (codigo);
CREATE INDEX ix_producto_codigo_barras ON producto (codigo_barras);
CREATE INDEX ix_producto_sku ON producto (sku);
CREATE INDEX ix_sucursal_codigo ON sucursal (codigo);
CREATE INDEX ix_tipo_equipo_codigo ON tipo_equipo (codigo);
CREATE INDEX ix_ubicacion_codigo ON ubicacion (codigo);
CREATE INDEX ix_usuario_username ON usuario (username);
CREATE VIRTUAL TABLE busqueda_cliente USING fts5(
    nombre, telefono, documento,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE VIRTUAL TABLE busqueda_orden USING fts5(
    folio, cliente, telefono, serie, falla,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
