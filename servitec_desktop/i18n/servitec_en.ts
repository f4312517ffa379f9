<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="es">
<context>
    <name></name>
    <message>
        <source>Error del programa. El detalle quedó en la carpeta logs.</source>
        <translation>An error of the program. The details are in the folder logs.</translation>
    </message>
    <message>
        <source>Etiquetas con separación</source>
        <translation>Labels with gaps</translation>
    </message>
    <message>
        <source>Con marca negra</source>
        <translation>With a black mark</translation>
    </message>
    <message>
        <source>Papel continuo</source>
        <translation>Continuous paper</translation>
    </message>
    <message>
        <source>Ajustes de «{0}»</source>
        <translation>Settings of “{0}”</translation>
    </message>
    <message>
        <source> pulg/s</source>
        <translation> in/s</translation>
    </message>
    <message>
        <source>Como está</source>
        <translation>As it is</translation>
    </message>
    <message>
        <source>Se envían ahora y quedan guardados en la impresora. Más oscuro gasta más el cabezal.</source>
        <translation>They are sent now and stay in the printer. Darker wears the print head more.</translation>
    </message>
    <message>
        <source>&amp;Oscuridad (0 a 30)</source>
        <translation>&amp;Darkness (0 to 30)</translation>
    </message>
    <message>
        <source>&amp;Velocidad</source>
        <translation>&amp;Speed</translation>
    </message>
    <message>
        <source>&amp;Papel</source>
        <translation>&amp;Paper</translation>
    </message>
    <message>
        <source>Enviar a la impresora</source>
        <translation>Send to the printer</translation>
    </message>
    <message>
        <source>Volver</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Elija al menos un ajuste.</source>
        <translation>Choose at least one setting.</translation>
    </message>
    <message>
        <source>Cola de impresión</source>
        <translation>Print queue</translation>
    </message>
    <message>
        <source>Etiqueta</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Copias</source>
        <translation>Copies</translation>
    </message>
    <message>
        <source>Impresora</source>
        <translation>Printer</translation>
    </message>
    <message>
        <source>Estado</source>
        <translation>State</translation>
    </message>
    <message>
        <source>Desde</source>
        <translation>Since</translation>
    </message>
    <message>
        <source>Por qué espera</source>
        <translation>Why it waits</translation>
    </message>
    <message>
        <source>&amp;Adelantar</source>
        <translation>Move to the &amp;front</translation>
    </message>
    <message>
        <source>Intentar a&amp;hora</source>
        <translation>Try &amp;now</translation>
    </message>
    <message>
        <source>Cancelar la i&amp;mpresión</source>
        <translation>&amp;Cancel printing</translation>
    </message>
    <message>
        <source>No hay nada en espera.</source>
        <translation>Nothing is waiting.</translation>
    </message>
    <message>
        <source>{0} de {1}</source>
        <translation>{0} of {1}</translation>
    </message>
    <message>
        <source>Espera su turno.</source>
        <translation>Waits for its turn.</translation>
    </message>
    <message>
        <source>¿Cancelar «{0}»? No se imprimirá; queda en el historial.</source>
        <translation>Cancel “{0}”? It will not be printed; it stays in the history.</translation>
    </message>
    <message>
        <source>¿Cancelar «{0}»? La etiqueta en curso todavía sale; el historial dice cuántas salieron.</source>
        <translation>Cancel “{0}”? The label being printed still comes out; the history tells how many did.</translation>
    </message>
    <message>
        <source>Cancelar la impresión</source>
        <translation>Cancel printing</translation>
    </message>
    <message>
        <source>Texto</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Código de barras</source>
        <translation>Barcode</translation>
    </message>
    <message>
        <source>Código EAN-13</source>
        <translation>EAN-13 code</translation>
    </message>
    <message>
        <source>Código QR</source>
        <translation>QR code</translation>
    </message>
    <message>
        <source>Línea</source>
        <translation>Line</translation>
    </message>
    <message>
        <source>Logo</source>
        <translation>Logo</translation>
    </message>
    <message>
        <source>&amp;Desde la izquierda</source>
        <translation>&amp;From the left</translation>
    </message>
    <message>
        <source>Desde a&amp;rriba</source>
        <translation>From the t&amp;op</translation>
    </message>
    <message>
        <source>&amp;Ancho</source>
        <translation>&amp;Width</translation>
    </message>
    <message>
        <source>A&amp;lto</source>
        <translation>&amp;Height</translation>
    </message>
    <message>
        <source>&amp;Barra más fina</source>
        <translation>Thinnest &amp;bar</translation>
    </message>
    <message>
        <source>Marque esto sólo si ninguna otra estación ni programa imprime en ella. Entonces, si se corta la conexión, su contador dice si la etiqueta salió y no hace falta preguntar.</source>
        <translation>Tick this only if no other station or program prints on it. Then, when the connection breaks, its counter tells whether the label came out and nobody has to be asked.</translation>
    </message>
    <message>
        <source>Editar «{0}»</source>
        <translation>Edit “{0}”</translation>
    </message>
    <message>
        <source>Agregar impresora</source>
        <translation>Add printer</translation>
    </message>
    <message>
        <source>&amp;Buscar</source>
        <translation>S&amp;earch</translation>
    </message>
    <message>
        <source>Buscar impresoras</source>
        <translation>Search for printers</translation>
    </message>
    <message>
        <source>D&amp;etener</source>
        <translation>St&amp;op</translation>
    </message>
    <message>
        <source>Detener la búsqueda</source>
        <translation>Stop searching</translation>
    </message>
    <message>
        <source>Mostrador</source>
        <translation>Counter</translation>
    </message>
    <message>
        <source>&amp;Probar</source>
        <translation>&amp;Test</translation>
    </message>
    <message>
        <source>Probar la conexión</source>
        <translation>Test the connection</translation>
    </message>
    <message>
        <source>Imprimir etiqueta de pr&amp;ueba</source>
        <translation>&amp;Print a test label</translation>
    </message>
    <message>
        <source>Imprimir una etiqueta de prueba</source>
        <translation>Print a test label</translation>
    </message>
    <message>
        <source>S&amp;ólo esta estación imprime en ella</source>
        <translation>Only t&amp;his station prints on it</translation>
    </message>
    <message>
        <source>1. ¿Dónde está?</source>
        <translation>1. Where is it?</translation>
    </message>
    <message>
        <source>&amp;Dirección</source>
        <translation>&amp;Address</translation>
    </message>
    <message>
        <source>2. ¿Cómo se usa?</source>
        <translation>2. How is it used?</translation>
    </message>
    <message>
        <source>&amp;Nombre</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>{0} puntos por pulgada</source>
        <translation>{0} dots per inch</translation>
    </message>
    <message>
        <source>E&amp;tiqueta</source>
        <translation>&amp;Label</translation>
    </message>
    <message>
        <source>&amp;Guardar</source>
        <translation>&amp;Save</translation>
    </message>
    <message>
        <source>Guardar la impresora</source>
        <translation>Save the printer</translation>
    </message>
    <message>
        <source>Cancelar</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Impresoras encontradas</source>
        <translation>Printers found</translation>
    </message>
    <message>
        <source>Búsqueda en curso</source>
        <translation>Searching</translation>
    </message>
    <message>
        <source>Dirección de la impresora</source>
        <translation>The printer&apos;s address</translation>
    </message>
    <message>
        <source>Nombre</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Ancho de la etiqueta</source>
        <translation>Label width</translation>
    </message>
    <message>
        <source>Alto de la etiqueta</source>
        <translation>Label height</translation>
    </message>
    <message>
        <source>Resolución</source>
        <translation>Resolution</translation>
    </message>
    <message>
        <source>Sólo esta estación imprime en ella</source>
        <translation>Only this station prints on it</translation>
    </message>
    <message>
        <source>Buscando en la red y por USB…</source>
        <translation>Searching the network and USB…</translation>
    </message>
    <message>
        <source>Encontrada por: {0}</source>
        <translation>Found by: {0}</translation>
    </message>
    <message numerus="yes">
        <source>%n encontradas. Elija una, o escriba su dirección.</source>
        <translation>
            <numerusform>%n found. Choose it, or type an address.</numerusform>
            <numerusform>%n found. Choose one, or type its address.</numerusform>
        </translation>
    </message>
    <message>
        <source>No se encontró ninguna. Escriba su dirección: la impresora la muestra en su menú de red.</source>
        <translation>None was found. Type its address: the printer shows it in its network menu.</translation>
    </message>
    <message>
        <source>Escriba la dirección de la impresora, o elija una de la lista.</source>
        <translation>Type the printer&apos;s address, or choose one from the list.</translation>
    </message>
    <message>
        <source>Preguntando a la impresora…</source>
        <translation>Asking the printer…</translation>
    </message>
    <message>
        <source>Falta la dirección: elija una impresora de la lista, o escríbala.</source>
        <translation>The address is missing: choose a printer from the list, or type it.</translation>
    </message>
    <message>
        <source>Falta el nombre: cómo la llaman en el taller.</source>
        <translation>The name is missing: what the workshop calls it.</translation>
    </message>
    <message>
        <source>Etiqueta de prueba en camino.</source>
        <translation>The test label is on its way.</translation>
    </message>
    <message>
        <source>Folio o texto de la etiqueta</source>
        <translation>Folio or text of the label</translation>
    </message>
    <message>
        <source>Todos los estados</source>
        <translation>All states</translation>
    </message>
    <message>
        <source>Todas las impresoras</source>
        <translation>All printers</translation>
    </message>
    <message>
        <source>Buscar en el historial</source>
        <translation>Search the history</translation>
    </message>
    <message>
        <source>Historial de impresión</source>
        <translation>Print history</translation>
    </message>
    <message>
        <source>Cuándo</source>
        <translation>When</translation>
    </message>
    <message>
        <source>Detalle</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Imprimir lo que &amp;falta</source>
        <translation>Print what is &amp;missing</translation>
    </message>
    <message>
        <source>&amp;Reimprimir</source>
        <translation>&amp;Reprint</translation>
    </message>
    <message>
        <source>«{0}» está otra vez en la cola.</source>
        <translation>“{0}” is in the queue again.</translation>
    </message>
    <message>
        <source>Todavía no hay impresoras. «Agregar impresora…» las busca en la red y por USB.</source>
        <translation>There are no printers yet. “Add printer…” looks for them on the network and by USB.</translation>
    </message>
    <message>
        <source>Impresoras</source>
        <translation>Printers</translation>
    </message>
    <message>
        <source>Dónde está</source>
        <translation>Where it is</translation>
    </message>
    <message>
        <source>Modelo</source>
        <translation>Model</translation>
    </message>
    <message>
        <source>Uso</source>
        <translation>Use</translation>
    </message>
    <message>
        <source>Etiqueta de &amp;prueba</source>
        <translation>Te&amp;st label</translation>
    </message>
    <message>
        <source>Ca&amp;librar</source>
        <translation>Cali&amp;brate</translation>
    </message>
    <message>
        <source>Poner en &amp;ZPL</source>
        <translation>Set to &amp;ZPL</translation>
    </message>
    <message>
        <source>A&amp;justes…</source>
        <translation>Sett&amp;ings…</translation>
    </message>
    <message>
        <source>E&amp;ditar…</source>
        <translation>&amp;Edit…</translation>
    </message>
    <message>
        <source>&amp;Quitar</source>
        <translation>Remo&amp;ve</translation>
    </message>
    <message>
        <source>&amp;Agregar impresora…</source>
        <translation>&amp;Add printer…</translation>
    </message>
    <message>
        <source>{0} × {1} mm, {2} ppp</source>
        <translation>{0} × {1} mm, {2} dpi</translation>
    </message>
    <message>
        <source>Sólo esta estación</source>
        <translation>This station only</translation>
    </message>
    <message>
        <source>Compartida</source>
        <translation>Shared</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
    <message>
        <source>{0}: la etiqueta de prueba está en la cola.</source>
        <translation>{0}: the test label is in the queue.</translation>
    </message>
    <message>
        <source>Al calibrar salen unas etiquetas en blanco. ¿Calibrar «{0}» ahora?</source>
        <translation>Calibrating feeds a few blank labels. Calibrate “{0}” now?</translation>
    </message>
    <message>
        <source>calibrando…</source>
        <translation>calibrating…</translation>
    </message>
    <message>
        <source>Calibrar</source>
        <translation>Calibrate</translation>
    </message>
    <message>
        <source>La impresora queda en lenguaje ZPL y se reinicia. ¿Poner «{0}» en ZPL ahora?</source>
        <translation>The printer is set to the ZPL language and restarts. Set “{0}” to ZPL now?</translation>
    </message>
    <message>
        <source>poniéndola en ZPL…</source>
        <translation>setting it to ZPL…</translation>
    </message>
    <message>
        <source>Poner en ZPL</source>
        <translation>Set to ZPL</translation>
    </message>
    <message>
        <source>enviando los ajustes…</source>
        <translation>sending the settings…</translation>
    </message>
    <message>
        <source>¿Quitar «{0}» de esta estación? Lo que ya espera en ella sigue en la cola.</source>
        <translation>Remove “{0}” from this station? What already waits for it stays in the queue.</translation>
    </message>
    <message>
        <source>Quitar</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>Partes de la impresión</source>
        <translation>Parts of printing</translation>
    </message>
    <message>
        <source>&amp;Impresoras</source>
        <translation>&amp;Printers</translation>
    </message>
    <message>
        <source>&amp;Cola</source>
        <translation>&amp;Queue</translation>
    </message>
    <message>
        <source>&amp;Historial</source>
        <translation>&amp;History</translation>
    </message>
    <message>
        <source>&amp;Etiquetas</source>
        <translation>&amp;Labels</translation>
    </message>
    <message>
        <source>&amp;Plantillas</source>
        <translation>&amp;Templates</translation>
    </message>
    <message>
        <source>Impresión</source>
        <translation>Printing</translation>
    </message>
    <message>
        <source>impresoras, cola e historial de impresión</source>
        <translation>printers, print queue and history</translation>
    </message>
    <message>
        <source>{0} (de fábrica)</source>
        <translation>{0} (built in)</translation>
    </message>
    <message>
        <source>Nueva etiqueta</source>
        <translation>New label</translation>
    </message>
    <message>
        <source>Plantillas de etiquetas</source>
        <translation>Label templates</translation>
    </message>
    <message>
        <source>&amp;Diseñar…</source>
        <translation>&amp;Design…</translation>
    </message>
    <message>
        <source>Diseñar la plantilla elegida</source>
        <translation>Design the chosen template</translation>
    </message>
    <message>
        <source>&amp;Nueva…</source>
        <translation>&amp;New…</translation>
    </message>
    <message>
        <source>Nueva plantilla</source>
        <translation>New template</translation>
    </message>
    <message>
        <source>I&amp;mportar…</source>
        <translation>I&amp;mport…</translation>
    </message>
    <message>
        <source>Importar una plantilla</source>
        <translation>Import a template</translation>
    </message>
    <message>
        <source>E&amp;xportar…</source>
        <translation>E&amp;xport…</translation>
    </message>
    <message>
        <source>Exportar la plantilla elegida</source>
        <translation>Export the chosen template</translation>
    </message>
    <message>
        <source>&amp;Borrar</source>
        <translation>D&amp;elete</translation>
    </message>
    <message>
        <source>Borrar la plantilla elegida</source>
        <translation>Delete the chosen template</translation>
    </message>
    <message>
        <source>Plantillas</source>
        <translation>Templates</translation>
    </message>
    <message>
        <source>propia</source>
        <translation>own</translation>
    </message>
    <message>
        <source>de fábrica</source>
        <translation>built in</translation>
    </message>
    <message>
        <source>{0} (copia)</source>
        <translation>{0} (copy)</translation>
    </message>
    <message>
        <source>No se puede leer {0}: {1}.</source>
        <translation>Cannot read {0}: {1}.</translation>
    </message>
    <message>
        <source>No se puede escribir {0}: {1}.</source>
        <translation>Cannot write {0}: {1}.</translation>
    </message>
    <message>
        <source>Importar</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>Plantillas (*.json)</source>
        <translation>Templates (*.json)</translation>
    </message>
    <message>
        <source>Exportar</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>¿Borrar la plantilla «{0}» en todas las estaciones?</source>
        <translation>Delete the template “{0}” on all stations?</translation>
    </message>
    <message>
        <source>Borrar</source>
        <translation>Delete</translation>
    </message>
    <message>
        <source>Plantilla</source>
        <translation>Template</translation>
    </message>
    <message>
        <source>Impresora de «{0}»</source>
        <translation>Printer for “{0}”</translation>
    </message>
    <message>
        <source>Plantilla de «{0}»</source>
        <translation>Template for “{0}”</translation>
    </message>
    <message>
        <source>Al guardar una recepción se imprimen solas la etiqueta de la orden y una por accesorio. Un tipo sin impresora no se imprime solo; a pedido se usa la impresora de las órdenes.</source>
        <translation>When an order is taken in, its label and one for each accessory are printed by themselves. A kind without a printer is not printed by itself; on demand it goes to the printer of the orders.</translation>
    </message>
    <message>
        <source>No se imprime sola</source>
        <translation>Not printed by itself</translation>
    </message>
    <message>
        <source>La de las órdenes</source>
        <translation>The one of the orders</translation>
    </message>
    <message>
        <source>La que mejor cabe en el papel</source>
        <translation>The one that fits the paper best</translation>
    </message>
    <message>
        <source>Cambios por enviar</source>
        <translation>Changes to be sent</translation>
    </message>
    <message>
        <source>Folio</source>
        <translation>Folio</translation>
    </message>
    <message>
        <source>Cliente</source>
        <translation>Customer</translation>
    </message>
    <message>
        <source>Equipo</source>
        <translation>Device</translation>
    </message>
    <message>
        <source>Falla</source>
        <translation>Fault</translation>
    </message>
    <message>
        <source>Recibida</source>
        <translation>Received</translation>
    </message>
    <message>
        <source>Taller</source>
        <translation>Workshop</translation>
    </message>
    <message>
        <source>Campo</source>
        <translation>Field</translation>
    </message>
    <message>
        <source>Ticket</source>
        <translation>Ticket</translation>
    </message>
    <message>
        <source>Solicitud</source>
        <translation>Request</translation>
    </message>
    <message>
        <source>fila nueva</source>
        <translation>new row</translation>
    </message>
    <message>
        <source>cambio</source>
        <translation>change</translation>
    </message>
    <message>
        <source>se borra</source>
        <translation>is deleted</translation>
    </message>
    <message>
        <source>(no está en esta estación)</source>
        <translation>(not on this station)</translation>
    </message>
    <message>
        <source>«{0}» lleva un número entero, y dice «{1}».</source>
        <translation>“{0}” takes a whole number, and says “{1}”.</translation>
    </message>
    <message>
        <source>«{0}» lleva una fecha y hora como {1}, y dice «{2}».</source>
        <translation>“{0}” takes a date and time like {1}, and says “{2}”.</translation>
    </message>
    <message>
        <source>Descartar el cambio</source>
        <translation>Discard the change</translation>
    </message>
    <message>
        <source>¿Descartar este cambio?</source>
        <translation>Discard this change?</translation>
    </message>
    <message>
        <source>{0}

{1}

Lo que decía el cambio se pierde.</source>
        <translation>{0}

{1}

What the change said is lost.</translation>
    </message>
    <message>
        <source>¿Quitar este aviso?</source>
        <translation>Remove this notice?</translation>
    </message>
    <message>
        <source>{0}

De ese trabajo no queda nada aquí: sólo se quita el aviso.</source>
        <translation>{0}

Nothing of that work is left here: only the notice is removed.</translation>
    </message>
    <message>
        <source>&amp;Sí, descartar</source>
        <translation>&amp;Yes, discard</translation>
    </message>
    <message>
        <source>&amp;Sí, quitar</source>
        <translation>&amp;Yes, remove</translation>
    </message>
    <message>
        <source>&amp;No</source>
        <translation>&amp;No</translation>
    </message>
    <message>
        <source>(vacío)</source>
        <translation>(empty)</translation>
    </message>
    <message>
        <source>sí</source>
        <translation>yes</translation>
    </message>
    <message>
        <source>no</source>
        <translation>no</translation>
    </message>
    <message>
        <source>Rechazados</source>
        <translation>Refused</translation>
    </message>
    <message>
        <source>N.º</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>Autor</source>
        <translation>Author</translation>
    </message>
    <message>
        <source>Por qué</source>
        <translation>Why</translation>
    </message>
    <message>
        <source>Cambio</source>
        <translation>Change</translation>
    </message>
    <message>
        <source>&amp;Corregir y reenviar…</source>
        <translation>&amp;Correct and resend…</translation>
    </message>
    <message>
        <source>R&amp;eenviar</source>
        <translation>Re&amp;send</translation>
    </message>
    <message>
        <source>&amp;Descartar</source>
        <translation>&amp;Discard</translation>
    </message>
    <message>
        <source>Qué está abierto</source>
        <translation>What is open</translation>
    </message>
    <message>
        <source>Por enviar</source>
        <translation>To be sent</translation>
    </message>
    <message>
        <source>Conflictos</source>
        <translation>Conflicts</translation>
    </message>
    <message>
        <source>Por aprobar</source>
        <translation>To be approved</translation>
    </message>
    <message>
        <source>Historia perdida</source>
        <translation>Lost history</translation>
    </message>
    <message>
        <source>Por confirmar</source>
        <translation>To be confirmed</translation>
    </message>
    <message>
        <source>En el servidor</source>
        <translation>On the server</translation>
    </message>
    <message>
        <source>&amp;Copiar el texto</source>
        <translation>Cop&amp;y the text</translation>
    </message>
    <message>
        <source>&amp;Descartar…</source>
        <translation>&amp;Discard…</translation>
    </message>
    <message>
        <source>¿Descartar este cambio? Lo que dice se pierde.</source>
        <translation>Discard this change? What it says is lost.</translation>
    </message>
    <message>
        <source>¿Descartar este cambio y {0} que dependen de él? Lo que dicen se pierde.</source>
        <translation>Discard this change and {0} that depend on it? What they say is lost.</translation>
    </message>
    <message>
        <source>en espera: {0}</source>
        <translation>waiting: {0}</translation>
    </message>
    <message>
        <source>intentado, sin respuesta</source>
        <translation>tried, no answer</translation>
    </message>
    <message>
        <source>todavía no</source>
        <translation>not yet</translation>
    </message>
    <message>
        <source>El servidor se restauró de un respaldo más viejo que estos registros, y nadie los devolvió todavía. Revíselos y vuelva a anotar lo que haga falta: se muestran 30 días.</source>
        <translation>The server was restored from a backup older than these records, and nobody has brought them back yet. Look through them and enter again what is needed: they are shown for 30 days.</translation>
    </message>
    <message>
        <source>Registro</source>
        <translation>Record</translation>
    </message>
    <message>
        <source>Lo que se perdió</source>
        <translation>What was lost</translation>
    </message>
    <message>
        <source>De</source>
        <translation>By</translation>
    </message>
    <message>
        <source>Por qué no se hizo</source>
        <translation>Why it was not done</translation>
    </message>
    <message>
        <source>&amp;Aprobar</source>
        <translation>&amp;Approve</translation>
    </message>
    <message>
        <source>&amp;No aprobar…</source>
        <translation>Do n&amp;ot approve…</translation>
    </message>
    <message>
        <source>Todo el cambio, y por qué no se hizo</source>
        <translation>The whole change, and why it was not done</translation>
    </message>
    <message>
        <source>&amp;Confirmar y enviar…</source>
        <translation>Con&amp;firm and send…</translation>
    </message>
    <message>
        <source>Todo lo que dice el cambio</source>
        <translation>All that the change says</translation>
    </message>
    <message>
        <source>El servidor no puede comprobar que estos cambios son suyos. Confirme sólo los que usted hizo.</source>
        <translation>The server cannot check that these changes are yours. Confirm only those that you made.</translation>
    </message>
    <message>
        <source>sincronizar ahora</source>
        <translation>sync now</translation>
    </message>
    <message>
        <source>volver a la lista</source>
        <translation>back to the list</translation>
    </message>
    <message>
        <source>Teclas</source>
        <translation>Keys</translation>
    </message>
    <message>
        <source>¿Salió la etiqueta?</source>
        <translation>Did the label come out?</translation>
    </message>
    <message>
        <source>Lista</source>
        <translation>Ready</translation>
    </message>
    <message>
        <source>En espera</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>Imprimiendo</source>
        <translation>Printing</translation>
    </message>
    <message>
        <source>Impresa</source>
        <translation>Printed</translation>
    </message>
    <message>
        <source>¿Salió?</source>
        <translation>Came out?</translation>
    </message>
    <message>
        <source>No se imprimió</source>
        <translation>Not printed</translation>
    </message>
    <message>
        <source>Preguntando…</source>
        <translation>Asking…</translation>
    </message>
    <message>
        <source>Red, {0}</source>
        <translation>Network, {0}</translation>
    </message>
    <message>
        <source>USB, serie {0}</source>
        <translation>USB, serial {0}</translation>
    </message>
    <message>
        <source>USB</source>
        <translation>USB</translation>
    </message>
    <message>
        <source>USB del sistema, {0}</source>
        <translation>The system&apos;s USB, {0}</translation>
    </message>
    <message>
        <source>Windows, {0} (sin confirmación)</source>
        <translation>Windows, {0} (unconfirmed)</translation>
    </message>
    <message>
        <source>Carpeta {0}</source>
        <translation>Folder {0}</translation>
    </message>
    <message>
        <source>Por confirmar, {0} copias:</source>
        <translation>To be confirmed, {0} copies:</translation>
    </message>
    <message>
        <source>Cuente las que salieron y escríbalo.</source>
        <translation>Count those that came out and type the number.</translation>
    </message>
    <message>
        <source>Mire la impresora y responda.</source>
        <translation>Look at the printer and answer.</translation>
    </message>
    <message>
        <source>Salieron todas</source>
        <translation>All came out</translation>
    </message>
    <message>
        <source>Sí, salió</source>
        <translation>Yes, it did</translation>
    </message>
    <message>
        <source>{0} a {1}</source>
        <translation>{0} to {1}</translation>
    </message>
    <message>
        <source>¿Cuántas salieron? {0}</source>
        <translation>How many came out? {0}</translation>
    </message>
    <message>
        <source>¿Cuántas salieron?</source>
        <translation>How many came out?</translation>
    </message>
    <message>
        <source>No salió</source>
        <translation>It did not</translation>
    </message>
    <message>
        <source>No, reimprimir</source>
        <translation>No, reprint</translation>
    </message>
    <message>
        <source>Salieron menos</source>
        <translation>Fewer came out</translation>
    </message>
    <message>
        <source>Salieron {0} de {1}</source>
        <translation>{0} of {1} came out</translation>
    </message>
    <message>
        <source>Imprimir las que faltan</source>
        <translation>Print the missing ones</translation>
    </message>
    <message numerus="yes">
        <source>Imprimir las %n que faltan</source>
        <translation>
            <numerusform>Print the missing one</numerusform>
            <numerusform>Print the %n missing ones</numerusform>
        </translation>
    </message>
    <message>
        <source>Etiquetas por confirmar</source>
        <translation>Labels to be confirmed</translation>
    </message>
    <message>
        <source>y {0} más, después de estas</source>
        <translation>and {0} more, after these</translation>
    </message>
    <message>
        <source>Confirmar</source>
        <translation>Confirm</translation>
    </message>
    <message>
        <source>No se pudo hacer</source>
        <translation>It could not be done</translation>
    </message>
    <message>
        <source>Estación sin inscribir</source>
        <translation>Station not enrolled</translation>
    </message>
    <message>
        <source>✓ Al día</source>
        <translation>✓ Up to date</translation>
    </message>
    <message>
        <source>Sincronizando…</source>
        <translation>Syncing…</translation>
    </message>
    <message>
        <source>Sin conexión</source>
        <translation>No connection</translation>
    </message>
    <message>
        <source>Hay algo que resolver</source>
        <translation>Something to settle</translation>
    </message>
    <message>
        <source>Sin sesión con el servidor</source>
        <translation>Not signed in to the server</translation>
    </message>
    <message>
        <source>En pausa</source>
        <translation>Paused</translation>
    </message>
    <message>
        <source>Detenida</source>
        <translation>Stopped</translation>
    </message>
    <message>
        <source>El servidor tiene un problema</source>
        <translation>The server has a problem</translation>
    </message>
    <message>
        <source>El disco no deja guardar</source>
        <translation>The disk does not let us save</translation>
    </message>
    <message>
        <source>Error del programa</source>
        <translation>Error of the program</translation>
    </message>
    <message>
        <source>Recibiendo la base: {0} %</source>
        <translation>Receiving the database: {0} %</translation>
    </message>
    <message>
        <source>{0} por enviar</source>
        <translation>{0} to be sent</translation>
    </message>
    <message>
        <source>{0} en espera</source>
        <translation>{0} waiting</translation>
    </message>
    <message numerus="yes">
        <source>%n rechazados</source>
        <translation>
            <numerusform>%n refused</numerusform>
            <numerusform>%n refused</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} en conflicto</source>
        <translation>{0} in conflict</translation>
    </message>
    <message>
        <source>última vez {0}</source>
        <translation>last time {0}</translation>
    </message>
    <message>
        <source>Orden</source>
        <translation>Order</translation>
    </message>
    <message>
        <source>imprimir la etiqueta de la orden abierta</source>
        <translation>print the label of the open order</translation>
    </message>
    <message>
        <source>cambiar el estado de la orden abierta</source>
        <translation>change the state of the open order</translation>
    </message>
    <message>
        <source>guardar los cambios de la orden</source>
        <translation>save the changes of the order</translation>
    </message>
    <message>
        <source>La etiqueta del equipo recibido, con su folio.</source>
        <translation>The label of the device taken in, with its folio.</translation>
    </message>
    <message>
        <source>Folio de la orden</source>
        <translation>The order&apos;s folio</translation>
    </message>
    <message>
        <source>Nombre de la sucursal</source>
        <translation>Name of the branch</translation>
    </message>
    <message>
        <source>Nombre del cliente</source>
        <translation>Name of the customer</translation>
    </message>
    <message>
        <source>Teléfono del cliente</source>
        <translation>The customer&apos;s phone</translation>
    </message>
    <message>
        <source>Tipo, marca y modelo</source>
        <translation>Kind, brand and model</translation>
    </message>
    <message>
        <source>Número de serie</source>
        <translation>Serial number</translation>
    </message>
    <message>
        <source>Falla reportada</source>
        <translation>Fault reported</translation>
    </message>
    <message>
        <source>Fecha y hora de recepción</source>
        <translation>Date and time of reception</translation>
    </message>
    <message>
        <source>Fecha prometida</source>
        <translation>Date promised</translation>
    </message>
    <message>
        <source>Prioridad</source>
        <translation>Priority</translation>
    </message>
    <message>
        <source>Accesorios recibidos</source>
        <translation>Accessories taken in</translation>
    </message>
    <message>
        <source>Lugar en el taller</source>
        <translation>Place in the workshop</translation>
    </message>
    <message>
        <source>Página pública de la orden, o el folio</source>
        <translation>Public page of the order, or the folio</translation>
    </message>
    <message>
        <source>Accesorio</source>
        <translation>Accessory</translation>
    </message>
    <message>
        <source>Una por cada accesorio que se recibe con el equipo.</source>
        <translation>One for each accessory that comes with the device.</translation>
    </message>
    <message>
        <source>Nombre del accesorio</source>
        <translation>Name of the accessory</translation>
    </message>
    <message>
        <source>Cuál de cuántos</source>
        <translation>Which of how many</translation>
    </message>
    <message>
        <source>La que queda pegada al equipo: marca, modelo y serie.</source>
        <translation>The one that stays on the device: brand, model and serial number.</translation>
    </message>
    <message>
        <source>Código de la etiqueta del equipo, o su serie</source>
        <translation>Code on the device&apos;s label, or its serial number</translation>
    </message>
    <message>
        <source>IMEI</source>
        <translation>IMEI</translation>
    </message>
    <message>
        <source>Nombre del dueño</source>
        <translation>Name of the owner</translation>
    </message>
    <message>
        <source>Color</source>
        <translation>Colour</translation>
    </message>
    <message>
        <source>Garantía hasta</source>
        <translation>Warranty until</translation>
    </message>
    <message>
        <source>Producto</source>
        <translation>Product</translation>
    </message>
    <message>
        <source>Precio y código de barras, para la venta.</source>
        <translation>Price and barcode, for sale.</translation>
    </message>
    <message>
        <source>Código interno</source>
        <translation>Internal code</translation>
    </message>
    <message>
        <source>Código de barras, o el interno</source>
        <translation>Barcode, or the internal code</translation>
    </message>
    <message>
        <source>Precio con moneda</source>
        <translation>Price with currency</translation>
    </message>
    <message>
        <source>Marca</source>
        <translation>Brand</translation>
    </message>
    <message>
        <source>Categoría</source>
        <translation>Category</translation>
    </message>
    <message>
        <source>Ubicación</source>
        <translation>Location</translation>
    </message>
    <message>
        <source>Estantes y gavetas.</source>
        <translation>Shelves and drawers.</translation>
    </message>
    <message>
        <source>Código</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Nombre, teléfono y dirección.</source>
        <translation>Name, phone and address.</translation>
    </message>
    <message>
        <source>Teléfono</source>
        <translation>Phone</translation>
    </message>
    <message>
        <source>Dirección</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>Ciudad</source>
        <translation>City</translation>
    </message>
    <message>
        <source>Número de cliente</source>
        <translation>Customer number</translation>
    </message>
    <message>
        <source>Correo</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>El disco está lleno y lo último no se guardó.</source>
        <translation>The disk is full and the last change was not saved.</translation>
    </message>
    <message>
        <source>Libere espacio y repita.</source>
        <translation>Free some space and repeat.</translation>
    </message>
    <message>
        <source>El disco está lleno y lo último no se guardó. Se liberó la reserva del programa.</source>
        <translation>The disk is full and the last change was not saved. The program&apos;s reserve was released.</translation>
    </message>
    <message>
        <source>Repita lo último y libere espacio en el disco cuanto antes.</source>
        <translation>Repeat the last change and free disk space as soon as you can.</translation>
    </message>
    <message>
        <source>No hay lugar para la base del servidor: hacen falta {needed} MB y quedan {there} MB.</source>
        <translation>There is no room for the server&apos;s database: {needed} MB are needed and {there} MB are left.</translation>
    </message>
    <message>
        <source>Libere espacio en el disco; se intentará de nuevo.</source>
        <translation>Free some disk space; it will be tried again.</translation>
    </message>
    <message>
        <source>No se puede escribir en la base de datos {path}: sólo se puede leer.</source>
        <translation>Cannot write to the database {path}: it can only be read.</translation>
    </message>
    <message>
        <source>Revise los permisos de la carpeta, y que el disco no esté montado sólo para leer.</source>
        <translation>Check the permissions of the folder, and that the disk is not mounted read-only.</translation>
    </message>
    <message>
        <source>El sistema no deja usar la base de datos {path}.</source>
        <translation>The system does not let us use the database {path}.</translation>
    </message>
    <message>
        <source>El sistema no deja abrir la base de datos {path}.</source>
        <translation>The system does not let us open the database {path}.</translation>
    </message>
    <message>
        <source>Otro programa tiene ocupada la base de datos.</source>
        <translation>Another program keeps the database busy.</translation>
    </message>
    <message>
        <source>Repita en un momento. Si sigue, cierre lo que esté copiando o revisando esta carpeta (respaldos, antivirus).</source>
        <translation>Repeat in a moment. If it goes on, close what is copying or scanning this folder (backups, antivirus).</translation>
    </message>
    <message>
        <source>El disco falló al leer o escribir {path} ({reason}).</source>
        <translation>The disk failed to read or write {path} ({reason}).</translation>
    </message>
    <message>
        <source>Repita. Si sigue, el disco puede estar fallando: haga revisar el equipo cuanto antes.</source>
        <translation>Repeat. If it goes on, the disk may be failing: have the computer checked as soon as you can.</translation>
    </message>
    <message>
        <source>No se puede usar la carpeta {path}: {reason}.</source>
        <translation>Cannot use the folder {path}: {reason}.</translation>
    </message>
    <message>
        <source>La base de datos {name} está dañada ({problem}).</source>
        <translation>The database {name} is damaged ({problem}).</translation>
    </message>
    <message>
        <source>Cierre el programa y ábralo de nuevo: se rescatan los cambios sin enviar y el resto se baja del servidor.</source>
        <translation>Close the program and open it again: unsent changes are rescued and the rest is fetched from the server.</translation>
    </message>
    <message>
        <source>La carpeta {path} la está usando {who}.</source>
        <translation>The folder {path} is in use by {who}.</translation>
    </message>
    <message>
        <source>Cierre ese programa, o hágalo desde él.</source>
        <translation>Close that program, or do it from there.</translation>
    </message>
    <message>
        <source>La base de datos es de una versión más nueva del programa.</source>
        <translation>The database is of a newer version of the program.</translation>
    </message>
    <message>
        <source>Instale la versión más reciente.</source>
        <translation>Install the latest version.</translation>
    </message>
    <message>
        <source>La carpeta tiene bases de datos de varias estaciones ({names}) y falta «actual», que dice cuál se usa.</source>
        <translation>The folder has databases of several stations ({names}) and «actual», which says which one is used, is missing.</translation>
    </message>
    <message>
        <source>No borre ninguna: escriba el nombre de la suya en un archivo «actual», o avise a soporte.</source>
        <translation>Delete none of them: write the name of yours into a file «actual», or tell support.</translation>
    </message>
    <message>
        <source>El archivo de credenciales {path} lo pueden leer o cambiar otros usuarios de este equipo.</source>
        <translation>The credentials file {path} can be read or changed by other users of this computer.</translation>
    </message>
    <message>
        <source>Ciérrelo con «chmod 600 {path}». Si alguien pudo leerlo, inscriba la estación de nuevo.</source>
        <translation>Close it with “chmod 600 {path}”. If somebody may have read it, enrol the station again.</translation>
    </message>
    <message>
        <source>La base recibida del servidor no está entera ({problem}).</source>
        <translation>The database received from the server is not whole ({problem}).</translation>
    </message>
    <message>
        <source>La base recibida es de otro servidor.</source>
        <translation>The database received is of another server.</translation>
    </message>
    <message>
        <source>Aquí no se cambió nada.</source>
        <translation>Nothing was changed here.</translation>
    </message>
    <message>
        <source>La base recibida es más vieja que la que ya está aquí.</source>
        <translation>The database received is older than the one that is here.</translation>
    </message>
    <message>
        <source>El servidor no tiene todavía lo que esta estación ya recibió.</source>
        <translation>The server does not have yet what this station already received.</translation>
    </message>
    <message>
        <source>El servidor mandó un valor que no se puede guardar.</source>
        <translation>The server sent a value that cannot be saved.</translation>
    </message>
    <message>
        <source>El servidor {url} no responde.</source>
        <translation>The server {url} does not answer.</translation>
    </message>
    <message>
        <source>Revise la conexión.</source>
        <translation>Check the connection.</translation>
    </message>
    <message>
        <source>Se cortó la descarga desde el servidor.</source>
        <translation>The download from the server was cut off.</translation>
    </message>
    <message>
        <source>Sigue donde quedó en el próximo intento.</source>
        <translation>The next attempt goes on where it stopped.</translation>
    </message>
    <message>
        <source>La base recibida llegó dañada.</source>
        <translation>The database that was received is damaged.</translation>
    </message>
    <message>
        <source>Se intentará de nuevo.</source>
        <translation>It will be tried again.</translation>
    </message>
    <message>
        <source>El llavero de este equipo no guardó la sesión.</source>
        <translation>This computer&apos;s keyring didn&apos;t keep the session.</translation>
    </message>
    <message>
        <source>Desbloquee el llavero del sistema y repita.</source>
        <translation>Unlock the system&apos;s keyring and repeat.</translation>
    </message>
    <message>
        <source>La respuesta del servidor llegó dañada.</source>
        <translation>The server&apos;s reply is damaged.</translation>
    </message>
    <message>
        <source>El servidor mandó mucho más de lo anunciado; no se recibió.</source>
        <translation>The server sent much more than it announced; it was not taken.</translation>
    </message>
    <message>
        <source>Avise al administrador del servidor.</source>
        <translation>Tell the server&apos;s administrator.</translation>
    </message>
    <message>
        <source>El servidor respondió con un error ({status}).</source>
        <translation>The server replied with an error ({status}).</translation>
    </message>
    <message>
        <source>El servidor no termina de preparar la base para esta estación.</source>
        <translation>The server does not finish preparing the database for this station.</translation>
    </message>
    <message>
        <source>Se intentará de nuevo. Si sigue, avise al administrador del servidor.</source>
        <translation>It will be tried again. If it goes on, tell the server&apos;s administrator.</translation>
    </message>
    <message>
        <source>El servidor es de otra versión.</source>
        <translation>The server is of another version.</translation>
    </message>
    <message>
        <source>Actualice el programa.</source>
        <translation>Update the program.</translation>
    </message>
    <message>
        <source>Este servidor es otro: no es el que esta estación conoce. No se recibió ni se borró nada.</source>
        <translation>This is another server, not the one that this station knows. Nothing was received or deleted.</translation>
    </message>
    <message>
        <source>Revise la dirección del servidor. Si de verdad se cambió por otro, inscriba una carpeta nueva.</source>
        <translation>Check the server&apos;s address. If it really was replaced by another, enrol a new folder.</translation>
    </message>
    <message>
        <source>Esta carpeta no es una estación.</source>
        <translation>This folder is not a station.</translation>
    </message>
    <message>
        <source>Inscríbala en el servidor central.</source>
        <translation>Enrol it with the central server.</translation>
    </message>
    <message>
        <source>Esta estación fue revocada.</source>
        <translation>This station was revoked.</translation>
    </message>
    <message>
        <source>Hable con el administrador.</source>
        <translation>Talk to the administrator.</translation>
    </message>
    <message>
        <source>Esta estación fue revocada. Cambios por entregar: {left}.</source>
        <translation>This station was revoked. Changes to be handed over: {left}.</translation>
    </message>
    <message>
        <source>Esta estación fue revocada. Los cambios sin enviar ({handed}) quedaron en manos del supervisor; lo demás se borró de este equipo.</source>
        <translation>This station was revoked. The changes not sent ({handed}) are in the supervisor&apos;s hands; the rest was deleted from this computer.</translation>
    </message>
    <message>
        <source>Esta estación fue revocada. Lo demás se borró de este equipo.</source>
        <translation>This station was revoked. The rest was deleted from this computer.</translation>
    </message>
    <message>
        <source>No hay una sesión iniciada en esta estación.</source>
        <translation>Nobody is signed in on this station.</translation>
    </message>
    <message>
        <source>Inicie sesión.</source>
        <translation>Sign in.</translation>
    </message>
    <message>
        <source>La sesión terminó.</source>
        <translation>The session has ended.</translation>
    </message>
    <message>
        <source>Entró sin el servidor: sus cambios se envían, pero sin una sesión con él no se reciben los de otros.</source>
        <translation>You signed in without the server: your changes are sent, but without a session there those of others are not received.</translation>
    </message>
    <message>
        <source>Vuelva a entrar.</source>
        <translation>Sign in again.</translation>
    </message>
    <message>
        <source>Faltan las credenciales de esta estación.</source>
        <translation>This station&apos;s credentials are missing.</translation>
    </message>
    <message>
        <source>Inicie sesión, o inscríbala de nuevo.</source>
        <translation>Sign in, or enrol it again.</translation>
    </message>
    <message>
        <source>El usuario o la clave no son correctos.</source>
        <translation>The user or the password is wrong.</translation>
    </message>
    <message>
        <source>Revíselos e intente de nuevo.</source>
        <translation>Check them and try again.</translation>
    </message>
    <message>
        <source>La cuenta ya no está activa.</source>
        <translation>The account is no longer active.</translation>
    </message>
    <message>
        <source>Su clave es correcta, pero no abre la credencial de esta estación, que este equipo guarda sellada.</source>
        <translation>Your password is right, but it does not open this station&apos;s credential, which this computer keeps sealed.</translation>
    </message>
    <message>
        <source>Que entre primero {names}, o inscriba la estación de nuevo: lo que no se envió se conserva.</source>
        <translation>Let {names} sign in first, or enrol the station again: what was not sent is kept.</translation>
    </message>
    <message>
        <source>Su clave es correcta, pero no abre la credencial de esta estación, sellada con la clave de antes.</source>
        <translation>Your password is right, but it does not open this station&apos;s credential, sealed with the former password.</translation>
    </message>
    <message>
        <source>Inscriba la estación de nuevo: lo que no se envió se conserva.</source>
        <translation>Enrol the station again: what was not sent is kept.</translation>
    </message>
    <message>
        <source>El rol {rol} no trabaja en una estación: nada de la empresa está a su vista.</source>
        <translation>The role {rol} does not work at a station: nothing of the company is in its sight.</translation>
    </message>
    <message>
        <source>Entre con otra cuenta, o pida otro rol al administrador.</source>
        <translation>Sign in with another account, or ask the administrator for another role.</translation>
    </message>
    <message>
        <source>El servidor de esta estación no responde, y esa persona nunca entró en esta estación.</source>
        <translation>This station&apos;s server does not answer, and that person never signed in on this station.</translation>
    </message>
    <message>
        <source>Conéctese al servidor para la primera vez.</source>
        <translation>Connect to the server for the first time.</translation>
    </message>
    <message>
        <source>El servidor de esta estación no responde, y esta estación ya no conoce a esa persona.</source>
        <translation>This station&apos;s server does not answer, and this station no longer knows that person.</translation>
    </message>
    <message>
        <source>Conéctese al servidor.</source>
        <translation>Connect to the server.</translation>
    </message>
    <message>
        <source>El servidor de esta estación no responde, y esta estación guarda los datos de otro alcance.</source>
        <translation>This station&apos;s server does not answer, and this station holds the data of another scope.</translation>
    </message>
    <message>
        <source>Conéctese al servidor para entrar.</source>
        <translation>Connect to the server to sign in.</translation>
    </message>
    <message>
        <source>El servidor de esta estación no responde, y hace más de {days} días que no inicia sesión con él.</source>
        <translation>This station&apos;s server does not answer, and you have not signed in with it for more than {days} days.</translation>
    </message>
    <message>
        <source>Este servidor es otro: no es el que esta estación conoce, y su clave no se le envió. {why}</source>
        <translation>This is another server, not the one that this station knows, and your password was not sent to it. {why}</translation>
    </message>
    <message>
        <source>La impresora está ocupada con otro trabajo.</source>
        <translation>The printer is busy with another job.</translation>
    </message>
    <message>
        <source>Sigue sola cuando termine.</source>
        <translation>It goes on by itself afterwards.</translation>
    </message>
    <message>
        <source>La impresora informa: {problem}.</source>
        <translation>The printer reports: {problem}.</translation>
    </message>
    <message>
        <source>Atiéndala; sigue sola.</source>
        <translation>See to it; it goes on by itself.</translation>
    </message>
    <message>
        <source>La impresora no informa su estado.</source>
        <translation>The printer does not report its state.</translation>
    </message>
    <message>
        <source>Revise que sea una Zebra, encendida y en lenguaje ZPL (no EPL ni «line print»).</source>
        <translation>Check that it is a Zebra, switched on and in the language ZPL (not EPL or “line print”).</translation>
    </message>
    <message>
        <source>La impresora está en otro lenguaje ({name}).</source>
        <translation>The printer is in another language ({name}).</translation>
    </message>
    <message>
        <source>Póngala en ZPL en la pantalla Impresión (F6).</source>
        <translation>Put it into ZPL on the page Printing (F6).</translation>
    </message>
    <message>
        <source>La impresora dejó de responder mientras recibía.</source>
        <translation>The printer stopped answering while it was receiving.</translation>
    </message>
    <message>
        <source>Se reintenta sola.</source>
        <translation>It is tried again by itself.</translation>
    </message>
    <message>
        <source>Se cortó la conexión antes de terminar de enviar.</source>
        <translation>The connection broke before everything was sent.</translation>
    </message>
    <message>
        <source>Se comprueba si la etiqueta salió.</source>
        <translation>It is being checked whether the label came out.</translation>
    </message>
    <message>
        <source>La impresora sigue trabajando.</source>
        <translation>The printer is still working.</translation>
    </message>
    <message>
        <source>La impresora dejó de responder.</source>
        <translation>The printer stopped answering.</translation>
    </message>
    <message>
        <source>Mire si salió la etiqueta.</source>
        <translation>Look whether the label came out.</translation>
    </message>
    <message>
        <source>La impresora no recibe.</source>
        <translation>The printer does not receive.</translation>
    </message>
    <message>
        <source>Se desconectó la impresora {name}.</source>
        <translation>The printer {name} was disconnected.</translation>
    </message>
    <message>
        <source>Se cortó la conexión con la impresora.</source>
        <translation>The connection to the printer broke.</translation>
    </message>
    <message>
        <source>La impresora cerró la conexión.</source>
        <translation>The printer closed the connection.</translation>
    </message>
    <message>
        <source>La impresora {name} no está conectada.</source>
        <translation>The printer {name} is not connected.</translation>
    </message>
    <message>
        <source>Revise el cable y que esté encendida.</source>
        <translation>Check the cable and that it is switched on.</translation>
    </message>
    <message>
        <source>La impresora {name} no responde.</source>
        <translation>The printer {name} does not answer.</translation>
    </message>
    <message>
        <source>Revise que esté encendida y conectada a la red.</source>
        <translation>Check that it is switched on and connected to the network.</translation>
    </message>
    <message>
        <source>No se encuentra «{name}» en la red.</source>
        <translation>“{name}” is not found on the network.</translation>
    </message>
    <message>
        <source>Revise la dirección de la impresora.</source>
        <translation>Check the printer&apos;s address.</translation>
    </message>
    <message>
        <source>No se puede abrir la impresora {name}: falta el permiso.</source>
        <translation>Cannot open the printer {name}: the permission is missing.</translation>
    </message>
    <message>
        <source>A la impresora {name} la usa otro programa.</source>
        <translation>The printer {name} is used by another program.</translation>
    </message>
    <message>
        <source>Cierre el otro programa, o quite la impresora del sistema (en Linux, de CUPS).</source>
        <translation>Close the other program, or remove the printer from the system (on Linux, from CUPS).</translation>
    </message>
    <message>
        <source>A {name} la usa otro programa de este equipo.</source>
        <translation>{name} is used by another program of this computer.</translation>
    </message>
    <message>
        <source>Ciérrelo.</source>
        <translation>Close it.</translation>
    </message>
    <message>
        <source>La impresora {name} no se puede usar ({problem}).</source>
        <translation>The printer {name} cannot be used ({problem}).</translation>
    </message>
    <message>
        <source>Desconéctela y conéctela.</source>
        <translation>Disconnect it and connect it again.</translation>
    </message>
    <message>
        <source>El dispositivo {name} no es una impresora.</source>
        <translation>The device {name} is not a printer.</translation>
    </message>
    <message>
        <source>Elija otro dispositivo.</source>
        <translation>Choose another device.</translation>
    </message>
    <message>
        <source>El dispositivo {name} no recibe datos.</source>
        <translation>The device {name} takes no data.</translation>
    </message>
    <message>
        <source>El sistema no tomó el trabajo para «{name}».</source>
        <translation>The system did not take the job for “{name}”.</translation>
    </message>
    <message>
        <source>Windows no conoce la impresora «{name}».</source>
        <translation>Windows does not know the printer “{name}”.</translation>
    </message>
    <message>
        <source>Revise el nombre.</source>
        <translation>Check the name.</translation>
    </message>
    <message>
        <source>Las impresoras de Windows sólo se usan en Windows.</source>
        <translation>Windows printers can only be used on Windows.</translation>
    </message>
    <message>
        <source>Agregue la impresora por USB o por la red.</source>
        <translation>Add the printer by USB or by the network.</translation>
    </message>
    <message>
        <source>Falta la biblioteca libusb.</source>
        <translation>The library libusb is missing.</translation>
    </message>
    <message>
        <source>Instale libusb 1.0.</source>
        <translation>Install libusb 1.0.</translation>
    </message>
    <message>
        <source>No se puede escribir en {path}: {reason}.</source>
        <translation>Cannot write to {path}: {reason}.</translation>
    </message>
    <message>
        <source>Revise la carpeta.</source>
        <translation>Check the folder.</translation>
    </message>
    <message>
        <source>El servidor no puede guardar: su disco está lleno.</source>
        <translation>The server cannot save: its disk is full.</translation>
    </message>
    <message>
        <source>Nada se perdió. El administrador tiene que liberar espacio en el servidor.</source>
        <translation>Nothing was lost. The administrator has to free space on the server.</translation>
    </message>
    <message>
        <source>El servidor está ocupado y no alcanzó a atender la petición.</source>
        <translation>The server is busy and did not get to the request.</translation>
    </message>
    <message>
        <source>Nada se perdió. Intente de nuevo en unos segundos.</source>
        <translation>Nothing was lost. Try again in a few seconds.</translation>
    </message>
    <message>
        <source>El servidor no alcanza su base de datos.</source>
        <translation>The server does not reach its database.</translation>
    </message>
    <message>
        <source>Nada se perdió. El administrador tiene que revisar que la base esté en marcha.</source>
        <translation>Nothing was lost. The administrator has to check that the database is running.</translation>
    </message>
    <message>
        <source>La base de datos del servidor sólo se puede leer.</source>
        <translation>The server&apos;s database can only be read.</translation>
    </message>
    <message>
        <source>Nada se perdió. El administrador tiene que revisar los permisos, o si la base es una réplica.</source>
        <translation>Nothing was lost. The administrator has to check the permissions, or whether the database is a replica.</translation>
    </message>
    <message>
        <source>El servidor no puede leer o escribir su base de datos.</source>
        <translation>The server cannot read or write its database.</translation>
    </message>
    <message>
        <source>El administrador tiene que revisar el disco del servidor, y tener a mano el último respaldo.</source>
        <translation>The administrator has to check the server&apos;s disk, and to have the last backup at hand.</translation>
    </message>
    <message>
        <source>Error del programa.</source>
        <translation>Error of the program.</translation>
    </message>
    <message>
        <source>El detalle quedó en {logs}.</source>
        <translation>The details are in {logs}.</translation>
    </message>
    <message>
        <source>Error del programa al sincronizar.</source>
        <translation>Error of the program while syncing.</translation>
    </message>
    <message>
        <source>Lo guardado aquí sigue guardado; se intenta de nuevo.</source>
        <translation>What was saved here is still saved; it is tried again.</translation>
    </message>
    <message>
        <source>El servidor tuvo un error del programa, que quedó en su registro.</source>
        <translation>The server had an error of the program, which is in its log.</translation>
    </message>
    <message>
        <source>Nada se guardó a medias. Avise al administrador.</source>
        <translation>Nothing was half saved. Tell the administrator.</translation>
    </message>
    <message>
        <source>Órdenes</source>
        <translation>Orders</translation>
    </message>
    <message>
        <source>lista y búsqueda de órdenes</source>
        <translation>list and search of orders</translation>
    </message>
    <message>
        <source>Intro</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>abrir la orden elegida</source>
        <translation>open the chosen order</translation>
    </message>
    <message>
        <source>Nueva orden</source>
        <translation>New order</translation>
    </message>
    <message>
        <source>nueva orden</source>
        <translation>new order</translation>
    </message>
    <message>
        <source>Ctrl+Intro</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>guardar la orden nueva e imprimir su etiqueta</source>
        <translation>save the new order and print its label</translation>
    </message>
    <message>
        <source>Etiquetas</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Carpeta: cada etiqueta queda como un archivo.</source>
        <translation>Folder: each label is kept as a file.</translation>
    </message>
    <message>
        <source>No confirma lo que imprime: se preguntará por cada etiqueta.</source>
        <translation>It does not confirm what it prints: you will be asked about each label.</translation>
    </message>
    <message>
        <source>calibración enviada.</source>
        <translation>calibration sent.</translation>
    </message>
    <message>
        <source>puesta en ZPL; se está reiniciando.</source>
        <translation>set to ZPL; it is restarting.</translation>
    </message>
    <message>
        <source>ajustes guardados en la impresora.</source>
        <translation>settings saved in the printer.</translation>
    </message>
    <message>
        <source>El programa se cierra.</source>
        <translation>The program is closing.</translation>
    </message>
    <message>
        <source>La impresora está ocupada y no responde todavía.</source>
        <translation>The printer is busy and does not answer yet.</translation>
    </message>
    <message>
        <source>Espere a que termine e intente otra vez.</source>
        <translation>Wait until it has finished and try again.</translation>
    </message>
    <message>
        <source>texto largo para ver dónde se corta </source>
        <translation>long text to see where it is cut </translation>
    </message>
    <message>
        <source>Nadie ha iniciado sesión.</source>
        <translation>Nobody is signed in.</translation>
    </message>
    <message>
        <source>Inicie sesión y repita.</source>
        <translation>Sign in and repeat.</translation>
    </message>
    <message>
        <source>Hace falta una sesión iniciada con el servidor.</source>
        <translation>You have to be signed in to the server.</translation>
    </message>
    <message>
        <source>Esta carpeta todavía no es una estación de un servidor.</source>
        <translation>This folder is not a server&apos;s station yet.</translation>
    </message>
    <message>
        <source>Inscríbala primero.</source>
        <translation>Enrol it first.</translation>
    </message>
    <message>
        <source>Lo escrito sigue en la pantalla: guárdelo antes de cerrar el programa. Libere espacio o revise su carpeta.</source>
        <translation>What was typed is still on the screen: save it before you close the program. Free some space or check its folder.</translation>
    </message>
    <message>
        <source>El borrador no se está guardando: {0}.</source>
        <translation>The draft is not being saved: {0}.</translation>
    </message>
    <message>
        <source>Entrar</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>Sincronización</source>
        <translation>Sync</translation>
    </message>
</context>
<context>
    <name>Barra</name>
    <message>
        <source>Principal</source>
        <translation>Main</translation>
    </message>
    <message>
        <source>{0} · {1} por confirmar</source>
        <translation>{0} · {1} to be confirmed</translation>
    </message>
</context>
<context>
    <name>Cabecera</name>
    <message>
        <source>Sincronizar &amp;ahora (F5)</source>
        <translation>Sync &amp;now (F5)</translation>
    </message>
    <message>
        <source>Sincronizar ahora</source>
        <translation>Sync now</translation>
    </message>
    <message>
        <source>Sincronización</source>
        <translation>Sync</translation>
    </message>
    <message>
        <source>Base recibida del servidor</source>
        <translation>Database received from the server</translation>
    </message>
    <message>
        <source>&amp;Cancelar la descarga</source>
        <translation>Cancel the down&amp;load</translation>
    </message>
    <message>
        <source>Cancelar la descarga de la base</source>
        <translation>Cancel the download of the database</translation>
    </message>
    <message>
        <source>Copiar el de&amp;talle</source>
        <translation>Copy the de&amp;tails</translation>
    </message>
    <message>
        <source>Copiar el detalle del error</source>
        <translation>Copy the details of the error</translation>
    </message>
    <message>
        <source>Última sincronización completa</source>
        <translation>Last complete sync</translation>
    </message>
    <message>
        <source>Reloj</source>
        <translation>Clock</translation>
    </message>
    <message>
        <source>Servidor</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Versión</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>&amp;Reanudar</source>
        <translation>&amp;Resume</translation>
    </message>
    <message>
        <source>&amp;Pausar</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Reanudar la sincronización</source>
        <translation>Resume syncing</translation>
    </message>
    <message>
        <source>Pausar la sincronización</source>
        <translation>Pause syncing</translation>
    </message>
    <message>
        <source>{0} (esta estación: esquema {1})</source>
        <translation>{0} (this station: schema {1})</translation>
    </message>
    <message>
        <source>&amp;Inscribir de nuevo</source>
        <translation>&amp;Enrol again</translation>
    </message>
    <message>
        <source>&amp;Volver a entrar</source>
        <translation>Sign &amp;in again</translation>
    </message>
    <message>
        <source>Esta carpeta todavía no es una estación de un servidor.</source>
        <translation>This folder is not a server&apos;s station yet.</translation>
    </message>
    <message>
        <source>Lo guardado aquí está en el servidor, y lo del servidor está aquí.</source>
        <translation>What was saved here is on the server, and what the server has is here.</translation>
    </message>
    <message>
        <source>Hay cambios guardados aquí que el servidor todavía no tiene.</source>
        <translation>Changes were saved here that the server does not have yet.</translation>
    </message>
    <message>
        <source>Se sincroniza en un momento.</source>
        <translation>They are sent in a moment.</translation>
    </message>
    <message>
        <source>Se intercambian cambios con el servidor.</source>
        <translation>Changes are being exchanged with the server.</translation>
    </message>
    <message>
        <source>Los cambios quedan guardados y se envían al volver.</source>
        <translation>Changes are kept, and sent when it is back.</translation>
    </message>
    <message>
        <source>Hay cambios rechazados o en espera, o valores en conflicto: decida en las pestañas de abajo.</source>
        <translation>There are refused or waiting changes, or values in conflict: decide in the tabs below.</translation>
    </message>
    <message>
        <source>Nada se envía ni se recibe hasta «Reanudar». F5 sincroniza una vez.</source>
        <translation>Nothing is sent or received until “Resume”. F5 syncs once.</translation>
    </message>
    <message>
        <source>El reloj de este equipo coincide</source>
        <translation>This computer&apos;s clock agrees</translation>
    </message>
    <message>
        <source>días</source>
        <translation>days</translation>
    </message>
    <message>
        <source>El reloj de este equipo va {0} adelantado</source>
        <translation>This computer&apos;s clock is {0} fast</translation>
    </message>
    <message>
        <source>El reloj de este equipo va {0} atrasado</source>
        <translation>This computer&apos;s clock is {0} slow</translation>
    </message>
    <message>
        <source>tamaño</source>
        <translation>size</translation>
    </message>
    <message>
        <source>{0} ppp</source>
        <translation>{0} dpi</translation>
    </message>
    <message>
        <source>&amp;Nombre</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>Nombre de la plantilla</source>
        <translation>Name of the template</translation>
    </message>
    <message>
        <source>&amp;Tipo</source>
        <translation>&amp;Kind</translation>
    </message>
    <message>
        <source>Tipo de etiqueta</source>
        <translation>Kind of label</translation>
    </message>
    <message>
        <source>Papel</source>
        <translation>Paper</translation>
    </message>
    <message>
        <source>Ancho del papel</source>
        <translation>Paper width</translation>
    </message>
    <message>
        <source>Alto del papel</source>
        <translation>Paper height</translation>
    </message>
    <message>
        <source>I&amp;mpresora de</source>
        <translation>&amp;Printer at</translation>
    </message>
    <message>
        <source>Resolución</source>
        <translation>Resolution</translation>
    </message>
    <message>
        <source>nombre</source>
        <translation>name</translation>
    </message>
    <message>
        <source>Sin nombre</source>
        <translation>No name</translation>
    </message>
    <message>
        <source>tipo</source>
        <translation>kind</translation>
    </message>
</context>
<context>
    <name>CambioEstado</name>
    <message>
        <source>Pasar a «{0}»</source>
        <translation>Move to “{0}”</translation>
    </message>
    <message>
        <source>&amp;Técnico</source>
        <translation>&amp;Technician</translation>
    </message>
    <message>
        <source>&amp;Motivo</source>
        <translation>&amp;Reason</translation>
    </message>
    <message>
        <source>&amp;Nota</source>
        <translation>&amp;Note</translation>
    </message>
    <message>
        <source>Técnico</source>
        <translation>Technician</translation>
    </message>
    <message>
        <source>Motivo</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>Nota</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Aceptar</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Cancelar</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Escribir en la nota</source>
        <translation>Write it in the note</translation>
    </message>
    <message>
        <source>No hay técnicos: el administrador crea sus cuentas.</source>
        <translation>There are no technicians: the administrator creates their accounts.</translation>
    </message>
    <message>
        <source>Elija un motivo, o escríbalo en la nota.</source>
        <translation>Choose a reason, or write it in the note.</translation>
    </message>
</context>
<context>
    <name>Campos</name>
    <message>
        <source>Tít&amp;ulo</source>
        <translation>T&amp;itle</translation>
    </message>
    <message>
        <source>&amp;Falla reportada</source>
        <translation>&amp;Fault reported</translation>
    </message>
    <message>
        <source>&amp;Diagnóstico</source>
        <translation>&amp;Diagnosis</translation>
    </message>
    <message>
        <source>Trabajo reali&amp;zado</source>
        <translation>&amp;Work done</translation>
    </message>
    <message>
        <source>&amp;Prioridad</source>
        <translation>P&amp;riority</translation>
    </message>
    <message>
        <source>Est&amp;ante</source>
        <translation>S&amp;helf</translation>
    </message>
    <message>
        <source>Sin prioridad</source>
        <translation>No priority</translation>
    </message>
</context>
<context>
    <name>ClienteBuscador</name>
    <message>
        <source>Teléfono o nombre del cliente</source>
        <translation>The customer&apos;s phone or name</translation>
    </message>
    <message>
        <source>Buscar cliente</source>
        <translation>Search for a customer</translation>
    </message>
    <message>
        <source>Clientes encontrados</source>
        <translation>Customers found</translation>
    </message>
    <message>
        <source>&amp;Nombre</source>
        <translation>First &amp;name</translation>
    </message>
    <message>
        <source>&amp;Apellido</source>
        <translation>&amp;Last name</translation>
    </message>
    <message>
        <source>Te&amp;léfono</source>
        <translation>P&amp;hone</translation>
    </message>
    <message>
        <source> del cliente nuevo</source>
        <translation> of the new customer</translation>
    </message>
    <message>
        <source>Crear cliente «{0}»</source>
        <translation>Create customer “{0}”</translation>
    </message>
    <message>
        <source>Cliente: {0}  {1}</source>
        <translation>Customer: {0}  {1}</translation>
    </message>
</context>
<context>
    <name>Conflictos</name>
    <message>
        <source>Registro</source>
        <translation>Record</translation>
    </message>
    <message>
        <source>Campo</source>
        <translation>Field</translation>
    </message>
    <message>
        <source>Quedó en el servidor</source>
        <translation>Stayed on the server</translation>
    </message>
    <message>
        <source>De</source>
        <translation>By</translation>
    </message>
    <message>
        <source>Valor tardío</source>
        <translation>Late value</translation>
    </message>
    <message>
        <source>Conflictos</source>
        <translation>Conflicts</translation>
    </message>
    <message>
        <source>Restaurar el &amp;valor tardío</source>
        <translation>Restore the late &amp;value</translation>
    </message>
    <message>
        <source>&amp;Conservar el del servidor</source>
        <translation>&amp;Keep the server&apos;s</translation>
    </message>
    <message>
        <source>Valor que quedó en el servidor</source>
        <translation>Value that stayed on the server</translation>
    </message>
    <message>
        <source>Lo resuelven sus dos autores o un supervisor.</source>
        <translation>Its two authors or a supervisor settle it.</translation>
    </message>
    <message>
        <source>{0} — de {1}, {2}</source>
        <translation>{0} — by {1}, {2}</translation>
    </message>
</context>
<context>
    <name>Disenador</name>
    <message>
        <source>Etiqueta</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>&amp;Diseño</source>
        <translation>&amp;Design</translation>
    </message>
    <message>
        <source>&amp;Valores de prueba</source>
        <translation>Test &amp;values</translation>
    </message>
    <message>
        <source>Lo que se envía a la impresora</source>
        <translation>What is sent to the printer</translation>
    </message>
    <message>
        <source>Lo &amp;que se envía</source>
        <translation>What is sen&amp;t</translation>
    </message>
    <message>
        <source>Vistas de la etiqueta</source>
        <translation>Views of the label</translation>
    </message>
    <message>
        <source>Campos de la etiqueta</source>
        <translation>Fields of the label</translation>
    </message>
    <message>
        <source>Impresora para la prueba</source>
        <translation>Printer for the test</translation>
    </message>
    <message>
        <source>Imprimir &amp;prueba</source>
        <translation>P&amp;rint a test</translation>
    </message>
    <message>
        <source>Imprimir una prueba</source>
        <translation>Print a test</translation>
    </message>
    <message>
        <source>&amp;Importar…</source>
        <translation>&amp;Import…</translation>
    </message>
    <message>
        <source>Importar de un archivo</source>
        <translation>Import from a file</translation>
    </message>
    <message>
        <source>E&amp;xportar…</source>
        <translation>E&amp;xport…</translation>
    </message>
    <message>
        <source>Exportar a un archivo</source>
        <translation>Export to a file</translation>
    </message>
    <message>
        <source>&amp;Guardar</source>
        <translation>&amp;Save</translation>
    </message>
    <message>
        <source>&amp;Guardar como nueva</source>
        <translation>&amp;Save as new</translation>
    </message>
    <message>
        <source>Guardar</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>Guardar plantillas es de supervisores y administradores.</source>
        <translation>Saving templates is for supervisors and administrators.</translation>
    </message>
    <message>
        <source>Diseñar etiqueta: {0}{1}</source>
        <translation>Design label: {0}{1}</translation>
    </message>
    <message>
        <source>Se puede imprimir: {0} bytes.</source>
        <translation>It can be printed: {0} bytes.</translation>
    </message>
    <message>
        <source>{0} ({1} ppp)</source>
        <translation>{0} ({1} dpi)</translation>
    </message>
    <message>
        <source>Prueba de «{0}»</source>
        <translation>Test of “{0}”</translation>
    </message>
    <message>
        <source>La prueba quedó en la cola de {0}.</source>
        <translation>The test is in the queue of {0}.</translation>
    </message>
    <message>
        <source>Otra persona borró esta plantilla.</source>
        <translation>Somebody else deleted this template.</translation>
    </message>
    <message>
        <source>Expórtela, e impórtela como nueva.</source>
        <translation>Export it, and import it as a new one.</translation>
    </message>
    <message>
        <source>Guardada. Elíjala en Impresión, Etiquetas.</source>
        <translation>Saved. Choose it in Printing, Labels.</translation>
    </message>
    <message>
        <source>Exportada a {0}.</source>
        <translation>Exported to {0}.</translation>
    </message>
    <message>
        <source>importar</source>
        <translation>import</translation>
    </message>
    <message>
        <source>Hay cambios sin guardar.</source>
        <translation>There are unsaved changes.</translation>
    </message>
    <message>
        <source>Cerrar sin guardar</source>
        <translation>Close without saving</translation>
    </message>
</context>
<context>
    <name>Documento</name>
    <message>
        <source>Páginas del documento</source>
        <translation>Pages of the document</translation>
    </message>
    <message>
        <source>&amp;Imprimir…</source>
        <translation>&amp;Print…</translation>
    </message>
    <message>
        <source>Imprimir el documento</source>
        <translation>Print the document</translation>
    </message>
    <message>
        <source>&amp;Guardar…</source>
        <translation>&amp;Save…</translation>
    </message>
    <message>
        <source>Guardar el documento</source>
        <translation>Save the document</translation>
    </message>
    <message>
        <source>&amp;Cerrar</source>
        <translation>&amp;Close</translation>
    </message>
    <message>
        <source>Cerrar</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>Preparando…</source>
        <translation>Preparing…</translation>
    </message>
    <message>
        <source>Página {0} de {1}</source>
        <translation>Page {0} of {1}</translation>
    </message>
    <message numerus="yes">
        <source>%n páginas</source>
        <translation>
            <numerusform>%n page</numerusform>
            <numerusform>%n pages</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} páginas; aquí se ven las primeras {1}</source>
        <translation>{0} pages; the first {1} are shown here</translation>
    </message>
    <message>
        <source>Imprimiendo…</source>
        <translation>Printing…</translation>
    </message>
    <message>
        <source>Enviado a la impresora.</source>
        <translation>Sent to the printer.</translation>
    </message>
    <message>
        <source>La impresora del sistema no aceptó el documento.</source>
        <translation>The system&apos;s printer did not take the document.</translation>
    </message>
    <message>
        <source>Guardar</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>No se puede escribir {0}: {1}.</source>
        <translation>Cannot write {0}: {1}.</translation>
    </message>
    <message>
        <source>Guardado en {0}</source>
        <translation>Saved in {0}</translation>
    </message>
</context>
<context>
    <name>Edicion</name>
    <message>
        <source>agregar</source>
        <translation>add</translation>
    </message>
    <message>
        <source>borrar</source>
        <translation>delete</translation>
    </message>
    <message>
        <source>pegar</source>
        <translation>paste</translation>
    </message>
    <message>
        <source>mover</source>
        <translation>move</translation>
    </message>
    <message>
        <source>tamaño</source>
        <translation>size</translation>
    </message>
    <message>
        <source>ordenar</source>
        <translation>order</translation>
    </message>
    <message>
        <source>alinear</source>
        <translation>align</translation>
    </message>
</context>
<context>
    <name>Enmienda</name>
    <message>
        <source>Corregir y reenviar</source>
        <translation>Correct and resend</translation>
    </message>
    <message>
        <source>Por qué se rechazó</source>
        <translation>Why it was refused</translation>
    </message>
    <message>
        <source>&amp;Guardar y reenviar</source>
        <translation>&amp;Save and resend</translation>
    </message>
    <message>
        <source>Guardar y reenviar</source>
        <translation>Save and resend</translation>
    </message>
    <message>
        <source>Cancelar</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>El servidor rechazó este cambio</source>
        <translation>The server refused this change</translation>
    </message>
    <message>
        <source>Campos del cambio</source>
        <translation>Fields of the change</translation>
    </message>
</context>
<context>
    <name>Entrar</name>
    <message>
        <source>Mostrador 1</source>
        <translation>Counter 1</translation>
    </message>
    <message>
        <source>Base recibida</source>
        <translation>Database received</translation>
    </message>
    <message>
        <source>Entrar</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>&amp;Servidor</source>
        <translation>&amp;Server</translation>
    </message>
    <message>
        <source>Nombre de la &amp;estación</source>
        <translation>Station &amp;name</translation>
    </message>
    <message>
        <source>&amp;Usuario</source>
        <translation>&amp;User</translation>
    </message>
    <message>
        <source>&amp;Clave</source>
        <translation>&amp;Password</translation>
    </message>
    <message>
        <source>Inscribir esta estación</source>
        <translation>Enrol this station</translation>
    </message>
    <message>
        <source>Iniciar sesión</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>Inscribir y entrar</source>
        <translation>Enrol and sign in</translation>
    </message>
    <message>
        <source>Estación {0} «{1}», servidor {2}</source>
        <translation>Station {0} “{1}”, server {2}</translation>
    </message>
    <message>
        <source>La primera vez hace falta el servidor. Después se trabaja también sin red.</source>
        <translation>The first time the server is needed. Afterwards you can work without a network, too.</translation>
    </message>
    <message>
        <source>Esta estación tiene que inscribirse de nuevo. Lo que aún no se envió sigue guardado.</source>
        <translation>This station has to be enrolled again. What has not been sent yet is still kept.</translation>
    </message>
    <message>
        <source>La base de este computador se dañó y la estación empieza de nuevo: inscríbala otra vez. Lo que se pudo rescatar sigue guardado; lo que no, se dice después en Sincronización, «Rechazados».</source>
        <translation>This computer&apos;s database was damaged and the station begins anew: enrol it again. What could be rescued is still kept; what could not is told afterwards in Sync, “Refused”.</translation>
    </message>
    <message>
        <source>Complete todos los campos.</source>
        <translation>Fill in all the fields.</translation>
    </message>
</context>
<context>
    <name>Etiquetas</name>
    <message>
        <source>Orden {0} guardada.</source>
        <translation>Order {0} saved.</translation>
    </message>
    <message>
        <source>Ninguna impresora tiene asignadas estas etiquetas: no se imprimieron (F6, Etiquetas).</source>
        <translation>No printer is assigned to these labels: they were not printed (F6, Labels).</translation>
    </message>
    <message numerus="yes">
        <source>%n etiquetas impresas.</source>
        <translation>
            <numerusform>%n label printed.</numerusform>
            <numerusform>%n labels printed.</numerusform>
        </translation>
    </message>
    <message>
        <source>Etiqueta en cola.</source>
        <translation>Label in the queue.</translation>
    </message>
    <message>
        <source>Imprimiendo la etiqueta…</source>
        <translation>Printing the label…</translation>
    </message>
    <message>
        <source>¿Salió la etiqueta?</source>
        <translation>Did the label come out?</translation>
    </message>
    <message>
        <source>La etiqueta no se imprimió.</source>
        <translation>The label was not printed.</translation>
    </message>
    <message>
        <source>{0} de {1} impresas.</source>
        <translation>{0} of {1} printed.</translation>
    </message>
</context>
<context>
    <name>Herramientas</name>
    <message>
        <source>Deshacer</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>Rehacer</source>
        <translation>Redo</translation>
    </message>
    <message>
        <source>Copiar</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>Pegar</source>
        <translation>Paste</translation>
    </message>
    <message>
        <source>Duplicar</source>
        <translation>Duplicate</translation>
    </message>
    <message>
        <source>Borrar</source>
        <translation>Delete</translation>
    </message>
    <message>
        <source>Alinear a la izquierda</source>
        <translation>Align left</translation>
    </message>
    <message>
        <source>Centrar</source>
        <translation>Centre</translation>
    </message>
    <message>
        <source>Alinear a la derecha</source>
        <translation>Align right</translation>
    </message>
    <message>
        <source>Alinear arriba</source>
        <translation>Align top</translation>
    </message>
    <message>
        <source>Antes en la lista</source>
        <translation>Earlier in the list</translation>
    </message>
    <message>
        <source>Después en la lista</source>
        <translation>Later in the list</translation>
    </message>
    <message>
        <source>Alejar</source>
        <translation>Zoom out</translation>
    </message>
    <message>
        <source>Acercar</source>
        <translation>Zoom in</translation>
    </message>
    <message>
        <source>Agregar</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>Agregar un campo</source>
        <translation>Add a field</translation>
    </message>
    <message>
        <source>En el portapapeles no hay campos de etiqueta: {0}</source>
        <translation>There are no label fields on the clipboard: {0}</translation>
    </message>
    <message>
        <source>Copie un campo en este diseñador o en otro.</source>
        <translation>Copy a field in this designer or in another.</translation>
    </message>
</context>
<context>
    <name>Imprimir</name>
    <message>
        <source>Imprimir etiquetas</source>
        <translation>Print labels</translation>
    </message>
    <message>
        <source>La de siempre</source>
        <translation>The usual one</translation>
    </message>
    <message>
        <source>&amp;Etiqueta</source>
        <translation>&amp;Label</translation>
    </message>
    <message>
        <source>&amp;Copias</source>
        <translation>&amp;Copies</translation>
    </message>
    <message>
        <source>&amp;Impresora</source>
        <translation>&amp;Printer</translation>
    </message>
    <message>
        <source>Imprimir</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>Volver</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>«La de siempre» es la elegida para ese tipo en la pantalla Impresión (F6).</source>
        <translation>“The usual one” is the printer chosen for that kind on the page Printing (F6).</translation>
    </message>
</context>
<context>
    <name>Insignia</name>
    <message>
        <source>Estado de la sincronización: {0}</source>
        <translation>State of the sync: {0}</translation>
    </message>
</context>
<context>
    <name>Lienzo</name>
    <message>
        <source>Etiqueta: las flechas mueven el campo elegido</source>
        <translation>Label: the arrows move the chosen field</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Abriendo…</source>
        <translation>Opening…</translation>
    </message>
    <message>
        <source>Ayuda (F1)</source>
        <translation>Help (F1)</translation>
    </message>
    <message>
        <source>Cerrar sesión</source>
        <translation>Sign out</translation>
    </message>
    <message>
        <source>todas las sucursales</source>
        <translation>all branches</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Error</translation>
    </message>
    <message>
        <source>&amp;Copiar el detalle</source>
        <translation>&amp;Copy the details</translation>
    </message>
</context>
<context>
    <name>Orden</name>
    <message>
        <source>Comentario interno; Intro lo agrega</source>
        <translation>Internal comment; Enter adds it</translation>
    </message>
    <message>
        <source>← Volver (Esc)</source>
        <translation>← Back (Esc)</translation>
    </message>
    <message>
        <source>Volver a la lista</source>
        <translation>Back to the list</translation>
    </message>
    <message>
        <source>Cambiar &amp;estado (F9)</source>
        <translation>Change &amp;state (F9)</translation>
    </message>
    <message>
        <source>Cambiar estado</source>
        <translation>Change the state</translation>
    </message>
    <message>
        <source>&amp;Guardar cambios (Ctrl+S)</source>
        <translation>Save &amp;changes (Ctrl+S)</translation>
    </message>
    <message>
        <source>Guardar cambios</source>
        <translation>Save changes</translation>
    </message>
    <message>
        <source>Historial</source>
        <translation>History</translation>
    </message>
    <message>
        <source>Comentarios</source>
        <translation>Comments</translation>
    </message>
    <message>
        <source>Comentario nuevo</source>
        <translation>New comment</translation>
    </message>
    <message>
        <source>  · por enviar</source>
        <translation>  · to be sent</translation>
    </message>
    <message>
        <source>Cliente</source>
        <translation>Customer</translation>
    </message>
    <message>
        <source>Equipo</source>
        <translation>Device</translation>
    </message>
    <message>
        <source>Accesorios</source>
        <translation>Accessories</translation>
    </message>
    <message>
        <source>Recibida</source>
        <translation>Received</translation>
    </message>
    <message>
        <source>Técnico</source>
        <translation>Technician</translation>
    </message>
    <message>
        <source>sin asignar</source>
        <translation>unassigned</translation>
    </message>
    <message>
        <source>Vence</source>
        <translation>Due</translation>
    </message>
    <message>
        <source>Asignación</source>
        <translation>Assignment</translation>
    </message>
    <message>
        <source>Cambios guardados.</source>
        <translation>Changes saved.</translation>
    </message>
    <message>
        <source>Ahora está en «{0}».</source>
        <translation>It is in “{0}” now.</translation>
    </message>
</context>
<context>
    <name>Ordenes</name>
    <message>
        <source>Folio, cliente, teléfono, serie o falla</source>
        <translation>Folio, customer, phone, serial number or fault</translation>
    </message>
    <message>
        <source>Buscar órdenes</source>
        <translation>Search for orders</translation>
    </message>
    <message>
        <source>Filtrar por estado</source>
        <translation>Filter by state</translation>
    </message>
    <message>
        <source>Todos los estados</source>
        <translation>All states</translation>
    </message>
    <message>
        <source>Órdenes</source>
        <translation>Orders</translation>
    </message>
    <message>
        <source>Lista de órdenes</source>
        <translation>List of orders</translation>
    </message>
    <message numerus="yes">
        <source>%n órdenes</source>
        <translation>
            <numerusform>%n order</numerusform>
            <numerusform>%n orders</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Panel</name>
    <message>
        <source>Elija un campo en la etiqueta, o agregue uno.</source>
        <translation>Choose a field on the label, or add one.</translation>
    </message>
    <message>
        <source>&amp;Contenido</source>
        <translation>&amp;Content</translation>
    </message>
    <message>
        <source>Letra (a&amp;lto)</source>
        <translation>Letters (&amp;height)</translation>
    </message>
    <message>
        <source>Líneas</source>
        <translation>Lines</translation>
    </message>
    <message>
        <source>Izquierda</source>
        <translation>Left</translation>
    </message>
    <message>
        <source>Centro</source>
        <translation>Centre</translation>
    </message>
    <message>
        <source>Derecha</source>
        <translation>Right</translation>
    </message>
    <message>
        <source>Alineación</source>
        <translation>Alignment</translation>
    </message>
    <message>
        <source>Nunca se corta: si no cabe, no se imprime</source>
        <translation>Never cut: what does not fit is not printed</translation>
    </message>
    <message>
        <source>Lí&amp;neas</source>
        <translation>N&amp;umber of lines</translation>
    </message>
    <message>
        <source>Al&amp;ineación</source>
        <translation>&amp;Alignment</translation>
    </message>
    <message>
        <source>contenido</source>
        <translation>content</translation>
    </message>
    <message>
        <source>Contenido</source>
        <translation>Content</translation>
    </message>
    <message>
        <source>Insertar un dato</source>
        <translation>Insert a datum</translation>
    </message>
    <message>
        <source>Elegir &amp;imagen…</source>
        <translation>Choose an i&amp;mage…</translation>
    </message>
    <message>
        <source>Elegir la imagen del logo</source>
        <translation>Choose the image of the logo</translation>
    </message>
    <message>
        <source>Imagen</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Imágenes (*.png *.jpg *.jpeg)</source>
        <translation>Images (*.png *.jpg *.jpeg)</translation>
    </message>
    <message>
        <source>No se puede leer {0}: {1}.</source>
        <translation>Cannot read {0}: {1}.</translation>
    </message>
    <message>
        <source>imagen</source>
        <translation>image</translation>
    </message>
    <message>
        <source>propiedad</source>
        <translation>property</translation>
    </message>
</context>
<context>
    <name>Papel</name>
    <message>
        <source>E&amp;tiqueta (F8)</source>
        <translation>&amp;Label (F8)</translation>
    </message>
    <message>
        <source>Imprimir etiqueta</source>
        <translation>Print label</translation>
    </message>
    <message>
        <source>&amp;Imprimir…</source>
        <translation>&amp;Print…</translation>
    </message>
    <message>
        <source>Imprimir otras etiquetas</source>
        <translation>Print other labels</translation>
    </message>
    <message>
        <source>Docu&amp;mentos</source>
        <translation>Docu&amp;ments</translation>
    </message>
    <message>
        <source>Ver, imprimir o guardar un documento</source>
        <translation>See, print or save a document</translation>
    </message>
    <message>
        <source>Recibo de recepción</source>
        <translation>Reception receipt</translation>
    </message>
    <message>
        <source>Recibo de entrega</source>
        <translation>Delivery receipt</translation>
    </message>
    <message>
        <source>Hoja de trabajo</source>
        <translation>Work sheet</translation>
    </message>
    <message>
        <source>Hoja de etiquetas</source>
        <translation>Sheet of labels</translation>
    </message>
    <message>
        <source>{0} ({1})</source>
        <translation>{0} ({1})</translation>
    </message>
    <message>
        <source>sin descripción</source>
        <translation>no description</translation>
    </message>
    <message>
        <source>Etiqueta en la cola de impresión.</source>
        <translation>Label in the print queue.</translation>
    </message>
    <message>
        <source>Etiquetas en la cola de impresión.</source>
        <translation>Labels in the print queue.</translation>
    </message>
</context>
<context>
    <name>PorAprobar</name>
    <message>
        <source>Preguntando al servidor…</source>
        <translation>Asking the server…</translation>
    </message>
    <message>
        <source>Nada espera su aprobación.</source>
        <translation>Nothing waits for your approval.</translation>
    </message>
    <message>
        <source>El cambio queda sin hacer. En la estación de su autor sigue entre los rechazados.</source>
        <translation>The change stays undone. On its author&apos;s station it is still among the refused ones.</translation>
    </message>
    <message>
        <source>No aprobar</source>
        <translation>Do not approve</translation>
    </message>
</context>
<context>
    <name>PorConfirmar</name>
    <message>
        <source>¿Hizo usted este cambio?</source>
        <translation>Did you make this change?</translation>
    </message>
    <message>
        <source>Lo hice: enviar</source>
        <translation>I did: send it</translation>
    </message>
    <message>
        <source>Pasa a los rechazados, con lo que depende de él. Ningún servidor lo tiene.</source>
        <translation>It goes to the refused ones, with what depends on it. No server has it.</translation>
    </message>
    <message>
        <source>Descartar</source>
        <translation>Discard</translation>
    </message>
</context>
<context>
    <name>Recepcion</name>
    <message>
        <source>cargador, funda</source>
        <translation>charger, case</translation>
    </message>
    <message>
        <source>&amp;Guardar e imprimir (Ctrl+Intro)</source>
        <translation>&amp;Save and print (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>Guardar la orden</source>
        <translation>Save the order</translation>
    </message>
    <message>
        <source>&amp;Cliente</source>
        <translation>&amp;Customer</translation>
    </message>
    <message>
        <source>&amp;Equipo</source>
        <translation>&amp;Device</translation>
    </message>
    <message>
        <source>&amp;Tipo de equipo</source>
        <translation>&amp;Kind of device</translation>
    </message>
    <message>
        <source>&amp;Marca</source>
        <translation>&amp;Brand</translation>
    </message>
    <message>
        <source>M&amp;odelo</source>
        <translation>&amp;Model</translation>
    </message>
    <message>
        <source>&amp;Serie</source>
        <translation>S&amp;erial number</translation>
    </message>
    <message>
        <source>Accesor&amp;ios</source>
        <translation>&amp;Accessories</translation>
    </message>
    <message>
        <source>&amp;Falla</source>
        <translation>&amp;Fault</translation>
    </message>
    <message>
        <source>&amp;Prioridad</source>
        <translation>&amp;Priority</translation>
    </message>
    <message>
        <source>Tipo de o&amp;rden</source>
        <translation>Kind of o&amp;rder</translation>
    </message>
    <message>
        <source>Nueva orden</source>
        <translation>New order</translation>
    </message>
    <message>
        <source>Falta el cliente: búsquelo, o elija «Crear cliente».</source>
        <translation>The customer is missing: search, or choose “Create customer”.</translation>
    </message>
    <message>
        <source>Falta el nombre del cliente.</source>
        <translation>The customer&apos;s name is missing.</translation>
    </message>
    <message>
        <source>Falta el equipo: elija su tipo o escriba su marca.</source>
        <translation>The device is missing: choose its kind or type its brand.</translation>
    </message>
    <message>
        <source>Equipo nuevo</source>
        <translation>New device</translation>
    </message>
    <message>
        <source>Sin descripción</source>
        <translation>No description</translation>
    </message>
    <message>
        <source>Elegir…</source>
        <translation>Choose…</translation>
    </message>
</context>
<context>
    <name>Sincronizacion</name>
    <message>
        <source>Por confirmar</source>
        <translation>To be confirmed</translation>
    </message>
    <message>
        <source>Historia perdida</source>
        <translation>Lost history</translation>
    </message>
</context>
<context>
    <name>ValoresDePrueba</name>
    <message>
        <source>Dato</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Valor</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>Valores de prueba</source>
        <translation>Test values</translation>
    </message>
    <message>
        <source>folio de una orden</source>
        <translation>folio of an order</translation>
    </message>
    <message>
        <source>Folio de una orden, para ver sus datos</source>
        <translation>Folio of an order, to see its data</translation>
    </message>
    <message>
        <source>De &amp;ejemplo</source>
        <translation>&amp;Example</translation>
    </message>
    <message>
        <source>Te&amp;xto largo</source>
        <translation>&amp;Long text</translation>
    </message>
    <message>
        <source>La orden «{0}» no tiene datos para esta etiqueta.</source>
        <translation>The order “{0}” has no data for this label.</translation>
    </message>
</context>
</TS>
