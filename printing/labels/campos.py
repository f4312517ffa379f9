"""What a label of each kind can say: the names that a template may use, explained, with a sample."""

CAMPOS: dict[str, dict[str, tuple[str, str]]] = {
    "orden": {
        "folio": ("Folio de la orden", "A1-000123"),
        "sucursal": ("Nombre de la sucursal", "Taller Central"),
        "cliente": ("Nombre del cliente", "Íñigo Muñoz Peña"),
        "telefono": ("Teléfono del cliente", "+56 2 2345 6789"),
        "equipo": ("Tipo, marca y modelo", "Impresora Epson L3250"),
        "serie": ("Número de serie", "X5QF012345"),
        "falla": ("Falla reportada", "No enciende después de un corte de luz"),
        "fecha": ("Fecha y hora de recepción", "20-11-2026 18:51"),
        "prometida": ("Fecha prometida", "24-11-2026"),
        "prioridad": ("Prioridad", "Urgente"),
        "accesorios": ("Accesorios recibidos", "cargador, funda"),
        "ubicacion": ("Lugar en el taller", "Estante B-3"),
        "qr": ("Página pública de la orden, o el folio", "A1-000123"),
    },
    "accesorio": {
        "folio": ("Folio de la orden", "A1-000123"),
        "accesorio": ("Nombre del accesorio", "cargador"),
        "numero": ("Cuál de cuántos", "1 de 3"),
        "cliente": ("Nombre del cliente", "Íñigo Muñoz Peña"),
        "equipo": ("Tipo, marca y modelo", "Notebook Lenovo T14"),
        "sucursal": ("Nombre de la sucursal", "Taller Central"),
    },
    "equipo": {
        "codigo": ("Código de la etiqueta del equipo, o su serie", "EQ-000451"),
        "equipo": ("Tipo, marca y modelo", "Notebook Lenovo T14"),
        "serie": ("Número de serie", "PF2ABC12"),
        "imei": ("IMEI", "356938035643809"),
        "cliente": ("Nombre del dueño", "Íñigo Muñoz Peña"),
        "color": ("Color", "gris"),
        "garantia": ("Garantía hasta", "31-12-2026"),
    },
    "producto": {
        "nombre": ("Nombre", "Fuente de poder 65 W"),
        "sku": ("Código interno", "FTE-65W"),
        "codigo": ("Código de barras, o el interno", "7801234567894"),
        "precio": ("Precio con moneda", "$ 24.990"),
        "marca": ("Marca", "Lenovo"),
        "categoria": ("Categoría", "Fuentes"),
    },
    "ubicacion": {
        "codigo": ("Código", "B-3"),
        "nombre": ("Nombre", "Estante B, nivel 3"),
        "sucursal": ("Nombre de la sucursal", "Taller Central"),
    },
    "cliente": {
        "nombre": ("Nombre", "Íñigo Muñoz Peña"),
        "telefono": ("Teléfono", "+56 2 2345 6789"),
        "direccion": ("Dirección", "Av. Ñuñoa 1234, depto 56"),
        "ciudad": ("Ciudad", "Santiago"),
        "numero": ("Número de cliente", "C-001234"),
        "email": ("Correo", "inigo@example.com"),
    },
}
"""tipo -> name -> (what it is, a sample)."""


def muestra(tipo: str) -> dict[str, str]:
    """Sample values of a kind."""
    return {name: sample for name, (_, sample) in CAMPOS[tipo].items()}
