"""What tables and fields are called, as a person reads them."""

WORDS = {
    "categoria": "categoría",
    "codigo": "código",
    "descripcion": "descripción",
    "diagnostico": "diagnóstico",
    "dias": "días",
    "direccion": "dirección",
    "fisica": "física",
    "garantia": "garantía",
    "metodo": "método",
    "minimo": "mínimo",
    "ocurrio": "ocurrió",
    "pais": "país",
    "publico": "público",
    "razon": "razón",
    "recepcion": "recepción",
    "tecnico": "técnico",
    "telefono": "teléfono",
    "titulo": "título",
    "ubicacion": "ubicación",
}
"""The words of column names that are written otherwise."""

CAMPOS = {
    "a_estado": "Estado",
    "a_tecnico_id": "Técnico",
    "de_estado": "Estado anterior",
    "de_tecnico_id": "Técnico anterior",
    "recibido_por_id": "Recibida por",
}
"""The fields whose names are no words."""

TABLAS = {
    "categoria_problema": ("Categoría de problema", "nueva"),
    "categoria_servicio": ("Categoría de servicio", "nueva"),
    "cliente": ("Cliente", "nuevo"),
    "comentario": ("Comentario", "nuevo"),
    "criticidad": ("Criticidad", "nueva"),
    "empleado": ("Empleado", "nuevo"),
    "empresa": ("Empresa", "nueva"),
    "equipo": ("Equipo", "nuevo"),
    "estado_orden": ("Estado de orden", "nuevo"),
    "historial_orden": ("Historia", "nueva"),
    "marca": ("Marca", "nueva"),
    "motivo": ("Motivo", "nuevo"),
    "movimiento_stock": ("Movimiento de stock", "nuevo"),
    "orden": ("Orden", "nueva"),
    "plantilla_etiqueta": ("Plantilla de etiqueta", "nueva"),
    "prioridad": ("Prioridad", "nueva"),
    "producto": ("Producto", "nuevo"),
    "sucursal": ("Sucursal", "nueva"),
    "tipo_equipo": ("Tipo de equipo", "nuevo"),
    "ubicacion": ("Ubicación", "nueva"),
    "usuario": ("Usuario", "nuevo"),
}
"""What a row of each table is called, and how a new one is."""


def nombre_campo(campo: str) -> str:
    """`ubicacion_fisica` as `Ubicación física`."""
    words = [WORDS.get(word, word) for word in campo.removesuffix("_id").split("_")]
    text = " ".join(words)
    return CAMPOS.get(campo) or text[:1].upper() + text[1:]


def nombre_tabla(tabla: str) -> str:
    """`plantilla_etiqueta` as `Plantilla de etiqueta`."""
    return TABLAS[tabla][0] if tabla in TABLAS else nombre_campo(tabla)


def campo_de(tabla: str, campo: str) -> str:
    """A field in a sentence: `«Falla reportada» (orden)`."""
    return f"«{nombre_campo(campo)}» ({nombre_tabla(tabla).lower()})"


def fila_de(tabla: str) -> str:
    """A row in a sentence: `registro de «Orden»`."""
    return f"registro de «{nombre_tabla(tabla)}»"


def titulo(tabla: str, tipo: str, nombre: str = "") -> str:
    """What an operation is about: `Cliente nuevo`, `Orden A1-000007 nueva`, `Orden A1-000007`."""
    new = TABLAS.get(tabla, ("", "nuevo"))[1] if tipo == "alta" else ""
    return " ".join(filter(None, (nombre_tabla(tabla), nombre, new)))
