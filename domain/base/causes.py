"""Every cause of a failure that isn't the person's: what happened and why, and what to do. One list for both programs.

Who meets one raises the class of error that its caller knows, `ServerUnreachable.of(SIN_CONEXION, url=...)`; screens,
command lines and the service show its two sentences. What isn't here, is no refusal of the business and not said to the
person who typed, is an error of the program: `BUG` and its trace.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """`what` happened and why, `todo` what to do about it: sentences, with {places} to be filled.

    code: stable; those of the server travel (docs/protocol.md).
    """

    code: str
    what: str
    todo: str


_RIGHTS = "Revise los permisos de la carpeta, y que el disco no esté montado sólo para leer."
_BUSY = "Repita en un momento. Si sigue, cierre lo que esté copiando o revisando esta carpeta (respaldos, antivirus)."
_BROKEN = "Repita. Si sigue, el disco puede estar fallando: haga revisar el equipo cuanto antes."
_AGAIN = "Se intentará de nuevo."
_CONNECT = "Conéctese al servidor."
_SIGN_IN = "Inicie sesión."
_ENROL_ANEW = "Inscriba la estación de nuevo: lo que no se envió se conserva."
_LOOK = "Mire si salió la etiqueta."
_BY_ITSELF = "Se reintenta sola."
_PLUG = "Revise el cable y que esté encendida."
_WITHOUT = "El servidor de esta estación no responde"

# this computer's disk
LLENO = Cause("equipo_lleno", "El disco está lleno y lo último no se guardó.", "Libere espacio y repita.")
LLENO_CON_RESERVA = Cause(
    "equipo_lleno_con_reserva",
    "El disco está lleno y lo último no se guardó. Se liberó la reserva del programa.",
    "Repita lo último y libere espacio en el disco cuanto antes.",
)
SIN_ESPACIO = Cause(
    "equipo_sin_espacio",
    "No hay lugar para la base del servidor: hacen falta {needed} MB y quedan {there} MB.",
    "Libere espacio en el disco; se intentará de nuevo.",
)
SOLO_LECTURA = Cause(
    "equipo_solo_lectura", "No se puede escribir en la base de datos {path}: sólo se puede leer.", _RIGHTS
)
SIN_PERMISO = Cause("equipo_sin_permiso", "El sistema no deja usar la base de datos {path}.", _RIGHTS)
NO_ABRE = Cause("equipo_no_abre", "El sistema no deja abrir la base de datos {path}.", _RIGHTS)
OCUPADA = Cause("equipo_ocupada", "Otro programa tiene ocupada la base de datos.", _BUSY)
DISCO = Cause("equipo_disco", "El disco falló al leer o escribir {path} ({reason}).", _BROKEN)
CARPETA = Cause("equipo_carpeta", "No se puede usar la carpeta {path}: {reason}.", _RIGHTS)
DANADA = Cause(
    "equipo_danada",
    "La base de datos {name} está dañada ({problem}).",
    "Cierre el programa y ábralo de nuevo: se rescatan los cambios sin enviar y el resto se baja del servidor.",
)

CARPETA_EN_USO = Cause(
    "equipo_en_uso", "La carpeta {path} la está usando {who}.", "Cierre ese programa, o hágalo desde él."
)
BASE_NUEVA = Cause(
    "equipo_base_nueva",
    "La base de datos es de una versión más nueva del programa.",
    "Instale la versión más reciente.",
)
VARIAS_BASES = Cause(
    "equipo_varias_bases",
    "La carpeta tiene bases de datos de varias estaciones ({names}) y falta «actual», que dice cuál se usa.",
    "No borre ninguna: escriba el nombre de la suya en un archivo «actual», o avise a soporte.",
)
CREDENCIALES_ABIERTAS = Cause(
    "equipo_credenciales_abiertas",
    "El archivo de credenciales {path} lo pueden leer o cambiar otros usuarios de este equipo.",
    "Ciérrelo con «chmod 600 {path}». Si alguien pudo leerlo, inscriba la estación de nuevo.",
)
LLAVERO = Cause(
    "equipo_llavero", "El llavero de este equipo no guardó la sesión.", "Desbloquee el llavero del sistema y repita."
)

# between a station and its server
BASE_INCOMPLETA = Cause("base_incompleta", "La base recibida del servidor no está entera ({problem}).", _AGAIN)
BASE_AJENA = Cause("base_ajena", "La base recibida es de otro servidor.", "Aquí no se cambió nada.")
BASE_VIEJA = Cause("base_vieja", "La base recibida es más vieja que la que ya está aquí.", _AGAIN)
SERVIDOR_ATRAS = Cause("servidor_atras", "El servidor no tiene todavía lo que esta estación ya recibió.", _AGAIN)
VALOR_IMPOSIBLE = Cause("valor_imposible", "El servidor mandó un valor que no se puede guardar.", _AGAIN)
SIN_CONEXION = Cause("sin_conexion", "El servidor {url} no responde.", "Revise la conexión.")
DESCARGA_CORTADA = Cause(
    "descarga_cortada", "Se cortó la descarga desde el servidor.", "Sigue donde quedó en el próximo intento."
)
DESCARGA_DANADA = Cause("descarga_danada", "La base recibida llegó dañada.", _AGAIN)
RESPUESTA_DANADA = Cause("respuesta_danada", "La respuesta del servidor llegó dañada.", _AGAIN)
RESPUESTA_ENORME = Cause(
    "respuesta_enorme",
    "El servidor mandó mucho más de lo anunciado; no se recibió.",
    "Avise al administrador del servidor.",
)
SERVIDOR_FALLA = Cause("servidor_falla", "El servidor respondió con un error ({status}).", _AGAIN)
SIN_BASE_LISTA = Cause(
    "sin_base_lista",
    "El servidor no termina de preparar la base para esta estación.",
    "Se intentará de nuevo. Si sigue, avise al administrador del servidor.",
)
OTRA_VERSION = Cause("otra_version", "El servidor es de otra versión.", "Actualice el programa.")
OTRO_SERVIDOR = Cause(
    "otro_servidor",
    "Este servidor es otro: no es el que esta estación conoce. No se recibió ni se borró nada.",
    "Revise la dirección del servidor. Si de verdad se cambió por otro, inscriba una carpeta nueva.",
)
NO_ES_ESTACION = Cause("no_es_estacion", "Esta carpeta no es una estación.", "Inscríbala en el servidor central.")
ESTACION_REVOCADA = Cause("revocada", "Esta estación fue revocada.", "Hable con el administrador.")

REVOCADA_POR_ENTREGAR = Cause(
    "revocada_por_entregar",
    "Esta estación fue revocada. Cambios por entregar: {left}.",
    "Hable con el administrador.",
)
REVOCADA_ENTREGADA = Cause(
    "revocada_entregada",
    "Esta estación fue revocada. Los cambios sin enviar ({handed}) quedaron en manos del supervisor; lo demás se "
    "borró de este equipo.",
    "Hable con el administrador.",
)
REVOCADA_BORRADA = Cause(
    "revocada_borrada",
    "Esta estación fue revocada. Lo demás se borró de este equipo.",
    "Hable con el administrador.",
)

# who is signed in
SIN_SESION = Cause("sin_sesion", "No hay una sesión iniciada en esta estación.", _SIGN_IN)
SESION_TERMINADA = Cause("sesion_terminada", "La sesión terminó.", _SIGN_IN)
SESION_SIN_SERVIDOR = Cause(
    "sesion_sin_servidor",
    "Entró sin el servidor: sus cambios se envían, pero sin una sesión con él no se reciben los de otros.",
    "Vuelva a entrar.",
)
SIN_CREDENCIALES = Cause(
    "sin_credenciales", "Faltan las credenciales de esta estación.", "Inicie sesión, o inscríbala de nuevo."
)
CLAVE_EQUIVOCADA = Cause("clave_equivocada", "El usuario o la clave no son correctos.", "Revíselos e intente de nuevo.")
CUENTA_CERRADA = Cause("cuenta_cerrada", "La cuenta ya no está activa.", "Hable con el administrador.")
CREDENCIAL_SELLADA = Cause(
    "credencial_sellada",
    "Su clave es correcta, pero no abre la credencial de esta estación, que este equipo guarda sellada.",
    "Que entre primero {names}, o inscriba la estación de nuevo: lo que no se envió se conserva.",
)
CREDENCIAL_DE_ANTES = Cause(
    "credencial_de_antes",
    "Su clave es correcta, pero no abre la credencial de esta estación, sellada con la clave de antes.",
    _ENROL_ANEW,
)
SIN_ALCANCE = Cause(
    "sin_alcance",
    "El rol {rol} no trabaja en una estación: nada de la empresa está a su vista.",
    "Entre con otra cuenta, o pida otro rol al administrador.",
)
NUNCA_ENTRO = Cause(
    "nunca_entro",
    f"{_WITHOUT}, y esa persona nunca entró en esta estación.",
    "Conéctese al servidor para la primera vez.",
)
YA_NO_SE_CONOCE = Cause("ya_no_se_conoce", f"{_WITHOUT}, y esta estación ya no conoce a esa persona.", _CONNECT)
OTRO_ALCANCE = Cause(
    "otro_alcance",
    f"{_WITHOUT}, y esta estación guarda los datos de otro alcance.",
    "Conéctese al servidor para entrar.",
)
HACE_MUCHO = Cause("hace_mucho", f"{_WITHOUT}, y hace más de {{days}} días que no inicia sesión con él.", _CONNECT)

SIN_MANDAR_LA_CLAVE = Cause(
    "sin_mandar_la_clave",
    "Este servidor es otro: no es el que esta estación conoce, y su clave no se le envió. {why}",
    "Revise la dirección del servidor. Si de verdad se cambió por otro, inscriba una carpeta nueva.",
)

# at a printer
IMPRESORA_OCUPADA = Cause(
    "impresora_ocupada", "La impresora está ocupada con otro trabajo.", "Sigue sola cuando termine."
)
IMPRESORA_INFORMA = Cause("impresora_informa", "La impresora informa: {problem}.", "Atiéndala; sigue sola.")
IMPRESORA_MUDA = Cause(
    "impresora_muda",
    "La impresora no informa su estado.",
    "Revise que sea una Zebra, encendida y en lenguaje ZPL (no EPL ni «line print»).",
)
IMPRESORA_OTRO_LENGUAJE = Cause(
    "impresora_otro_lenguaje",
    "La impresora está en otro lenguaje ({name}).",
    "Póngala en ZPL en la pantalla Impresión (F6).",
)
IMPRESORA_SE_CALLO = Cause("impresora_se_callo", "La impresora dejó de responder mientras recibía.", _BY_ITSELF)
IMPRESORA_CORTADA = Cause("impresora_cortada", "Se cortó la conexión antes de terminar de enviar.", _BY_ITSELF)
IMPRESORA_SE_FUE = Cause("impresora_se_fue", "{why}", _BY_ITSELF)
IMPRESORA_SIGUE = Cause("impresora_sigue", "Se comprueba si la etiqueta salió.", "La impresora sigue trabajando.")
IMPRESORA_SIN_RESPUESTA = Cause("impresora_sin_respuesta", "La impresora dejó de responder.", _LOOK)
IMPRESORA_NO_RECIBE = Cause("impresora_no_recibe", "La impresora no recibe.", _LOOK)
IMPRESORA_DESCONECTADA = Cause("impresora_desconectada", "Se desconectó la impresora {name}.", _LOOK)
IMPRESORA_ROTA = Cause("impresora_rota", "Se cortó la conexión con la impresora.", _LOOK)
IMPRESORA_CERRO = Cause("impresora_cerro", "La impresora cerró la conexión.", _LOOK)
IMPRESORA_NO_ESTA = Cause("impresora_no_esta", "La impresora {name} no está conectada.", _PLUG)
IMPRESORA_NO_RESPONDE = Cause(
    "impresora_no_responde",
    "La impresora {name} no responde.",
    "Revise que esté encendida y conectada a la red.",
)
IMPRESORA_NO_SE_ENCUENTRA = Cause(
    "impresora_no_se_encuentra", "No se encuentra «{name}» en la red.", "Revise la dirección de la impresora."
)
IMPRESORA_SIN_PERMISO = Cause(
    "impresora_sin_permiso", "No se puede abrir la impresora {name}: falta el permiso.", "{todo}"
)
IMPRESORA_AJENA = Cause(
    "impresora_ajena",
    "A la impresora {name} la usa otro programa.",
    "Cierre el otro programa, o quite la impresora del sistema (en Linux, de CUPS).",
)
IMPRESORA_EN_USO = Cause("impresora_en_uso", "A {name} la usa otro programa de este equipo.", "Ciérrelo.")
IMPRESORA_NO_ABRE = Cause(
    "impresora_no_abre", "La impresora {name} no se puede usar ({problem}).", "Desconéctela y conéctela."
)
IMPRESORA_NO_ES = Cause("impresora_no_es", "El dispositivo {name} no es una impresora.", "Elija otro dispositivo.")
IMPRESORA_NO_TOMA = Cause("impresora_no_toma", "El dispositivo {name} no recibe datos.", "Elija otro dispositivo.")
IMPRESORA_NO_TOMO = Cause("impresora_no_tomo", "El sistema no tomó el trabajo para «{name}».", _LOOK)
IMPRESORA_DESCONOCIDA = Cause("impresora_desconocida", "Windows no conoce la impresora «{name}».", "Revise el nombre.")
IMPRESORA_DE_WINDOWS = Cause(
    "impresora_de_windows",
    "Las impresoras de Windows sólo se usan en Windows.",
    "Agregue la impresora por USB o por la red.",
)
SIN_LIBUSB = Cause("sin_libusb", "Falta la biblioteca libusb.", "Instale libusb 1.0.")
CARPETA_DE_ETIQUETAS = Cause("carpeta_de_etiquetas", "No se puede escribir en {path}: {reason}.", "Revise la carpeta.")

# the server's own; it tells the stations
SERVIDOR_LLENO = Cause(
    "disco_lleno",
    "El servidor no puede guardar: su disco está lleno.",
    "Nada se perdió. El administrador tiene que liberar espacio en el servidor.",
)
SERVIDOR_OCUPADO = Cause(
    "ocupado",
    "El servidor está ocupado y no alcanzó a atender la petición.",
    "Nada se perdió. Intente de nuevo en unos segundos.",
)
SERVIDOR_SIN_BASE = Cause(
    "sin_base",
    "El servidor no alcanza su base de datos.",
    "Nada se perdió. El administrador tiene que revisar que la base esté en marcha.",
)
SERVIDOR_SOLO_LECTURA = Cause(
    "solo_lectura",
    "La base de datos del servidor sólo se puede leer.",
    "Nada se perdió. El administrador tiene que revisar los permisos, o si la base es una réplica.",
)
SERVIDOR_DISCO = Cause(
    "disco",
    "El servidor no puede leer o escribir su base de datos.",
    "El administrador tiene que revisar el disco del servidor, y tener a mano el último respaldo.",
)

CAUSES: dict[str, Cause] = {found.code: found for found in list(globals().values()) if isinstance(found, Cause)}
"""By code: the list."""

BUG = Cause("error", "Error del programa.", "El detalle quedó en {logs}.")
BUG_OF_SYNC = Cause(
    "error", "Error del programa al sincronizar.", "Lo guardado aquí sigue guardado; se intenta de nuevo."
)
BUG_OF_SERVER = Cause(
    "error",
    "El servidor tuvo un error del programa, que quedó en su registro.",
    "Nada se guardó a medias. Avise al administrador.",
)
"""What everything else is."""
