<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="es">
<context>
    <name></name>
    <message numerus="yes">
        <source>%n encontradas. Elija una, o escriba su dirección.</source>
        <translation>
            <numerusform>%n encontrada. Elíjala, o escriba una dirección.</numerusform>
            <numerusform>%n encontradas. Elija una, o escriba su dirección.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Imprimir las %n que faltan</source>
        <translation>
            <numerusform>Imprimir la que falta</numerusform>
            <numerusform>Imprimir las %n que faltan</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rechazados</source>
        <translation>
            <numerusform>%n rechazado</numerusform>
            <numerusform>%n rechazados</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Documento</name>
    <message numerus="yes">
        <source>%n páginas</source>
        <translation>
            <numerusform>%n página</numerusform>
            <numerusform>%n páginas</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Etiquetas</name>
    <message numerus="yes">
        <source>%n etiquetas impresas.</source>
        <translation>
            <numerusform>Etiqueta impresa.</numerusform>
            <numerusform>%n etiquetas impresas.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Ordenes</name>
    <message numerus="yes">
        <source>%n órdenes</source>
        <translation>
            <numerusform>%n orden</numerusform>
            <numerusform>%n órdenes</numerusform>
        </translation>
    </message>
</context>
</TS>
