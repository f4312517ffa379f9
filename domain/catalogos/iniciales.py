"""What a new company's catalogues hold. Administrators change them afterwards."""

from domain.base.row import Row

TIPOS_EQUIPO: tuple[tuple[str, str], ...] = (
    ("telefono", "Teléfono móvil"),
    ("tableta", "Tableta"),
    ("notebook", "Computador portátil"),
    ("computador", "Computador de escritorio"),
    ("accesorio_computador", "Accesorio de computador"),
    ("pantalla", "Pantalla o televisor plano"),
    ("televisor", "Televisor y accesorios"),
    ("proyector", "Proyector"),
    ("impresora", "Impresora o escáner"),
    ("consola", "Consola de juegos"),
    ("camara", "Cámara fotográfica"),
    ("camara_video", "Cámara réflex o de video"),
    ("audifonos", "Audífonos"),
    ("equipo_sonido", "Equipo de sonido"),
    ("radio", "Radio portátil"),
    ("instrumento_musical", "Instrumento musical"),
    ("reproductor", "Reproductor de audio o video"),
    ("papel", "Destructora y equipo de oficina"),
    ("aire_acondicionado", "Aire acondicionado y deshumidificador"),
    ("ventilador", "Ventilador"),
    ("calefactor", "Calefactor"),
    ("electrodomestico_grande", "Electrodoméstico grande"),
    ("electrodomestico_pequeno", "Electrodoméstico pequeño"),
    ("cocina_pequeno", "Electrodoméstico de cocina"),
    ("cafetera", "Cafetera"),
    ("hervidor", "Hervidor"),
    ("tostadora", "Tostadora"),
    ("procesadora", "Procesadora de alimentos"),
    ("plancha", "Plancha"),
    ("aspiradora", "Aspiradora"),
    ("maquina_coser", "Máquina de coser"),
    ("cuidado_personal", "Cuidado personal y secador"),
    ("lampara", "Lámpara"),
    ("iluminacion_decorativa", "Iluminación decorativa"),
    ("herramienta", "Herramienta eléctrica"),
    ("reloj", "Reloj"),
    ("juguete", "Juguete"),
    ("bicicleta_electrica", "Bicicleta o monopatín eléctrico"),
    ("bateria", "Batería, cargador y adaptador"),
    ("otro", "Otro"),
)
MARCAS: tuple[str, ...] = (
    *("Acer", "Apple", "Bosch", "Brother", "Canon", "Dell", "Dyson", "Epson", "HP", "Huawei", "Lenovo", "LG"),
    *("Makita", "Motorola", "Panasonic", "Philips", "Samsung", "Sony", "Toshiba", "Xiaomi"),
)


def iniciales() -> list[tuple[str, Row]]:
    """(table, columns) of the first rows."""
    found: list[tuple[str, Row]] = []
    prioridades = (
        ("baja", "Baja", 10080),
        ("normal", "Normal", 4320),
        ("alta", "Alta", 1440),
        ("urgente", "Urgente", 240),
    )
    for i, (codigo, nombre, minutes) in enumerate(prioridades):
        entry: Row = {"codigo": codigo, "nombre": nombre, "orden": (i - 1) % 4, "peso": i * 10}
        found.append(("prioridad", entry | {"sla_solucion_min": minutes, "sla_respuesta_min": minutes // 4}))
    for i, nombre in enumerate(("Baja", "Media", "Alta", "Crítica"), start=1):
        codigo = nombre.lower().replace("í", "i")
        found.append(("criticidad", {"codigo": codigo, "nombre": nombre, "orden": i, "nivel": i}))
    for i, (codigo, nombre) in enumerate(TIPOS_EQUIPO):
        found.append(("tipo_equipo", {"codigo": codigo, "nombre": nombre, "orden": i}))
    for i, nombre in enumerate(MARCAS):
        found.append(("marca", {"codigo": nombre.lower(), "nombre": nombre, "orden": i}))
    for i, nombre in enumerate(("Reparación", "Mantención", "Diagnóstico", "Instalación")):
        codigo = nombre.lower().replace("ó", "o")
        found.append(("categoria_servicio", {"codigo": codigo, "nombre": nombre, "orden": i}))
    for i, nombre in enumerate(("Eléctrico", "Mecánico", "Pantalla", "Batería", "Software", "Líquidos", "Desgaste")):
        codigo = nombre.lower().translate(str.maketrans("áéíóú", "aeiou"))
        found.append(("categoria_problema", {"codigo": codigo, "nombre": nombre, "orden": i}))
    return found
