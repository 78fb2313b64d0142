; Every word the setup says, Spanish and English side by side.

!define PANEL_ES "Panel de caja"
!define PANEL_EN "Cashier's panel"
!define GUIDE_ES "Guía"
!define GUIDE_EN "Guide"

!macro Words NAME SPANISH ENGLISH
  LangString ${NAME} ${LANG_SPANISH} "${SPANISH}"
  LangString ${NAME} ${LANG_ENGLISH} "${ENGLISH}"
!macroend
!define Words "!insertmacro Words"

${Words} PANEL "${PANEL_ES}" "${PANEL_EN}"
${Words} GUIDE "${GUIDE_ES}" "${GUIDE_EN}"

${Words} WELCOME \
  "De las ventas de tu caja a lo que conviene hacer.$\r$\n$\r$\nSe instala en un minuto, solo para ti: no hace falta ser administrador ni tener internet.$\r$\n$\r$\nNada de tus ventas sale de esta computadora sin que tú lo permitas." \
  "From your till's sales to what is worth doing.$\r$\n$\r$\nIt installs in a minute, for you alone: no administrator and no internet needed.$\r$\n$\r$\nNothing of your sales leaves this computer unless you allow it."
${Words} WELCOME_BACK \
  "Ya tienes la versión $InstalledVersion. Ahora se pone la ${VERSION} en su lugar.$\r$\n$\r$\nTus ventas y ajustes se quedan como están; antes de cambiar nada se hace una copia de respaldo.$\r$\n$\r$\nSi el programa está abierto, ciérralo." \
  "You have version $InstalledVersion. Now ${VERSION} takes its place.$\r$\n$\r$\nYour sales and settings stay as they are; a backup is made before anything changes.$\r$\n$\r$\nIf the program is open, close it."
${Words} OPTIONS "Lo que quieres" "What you want"
${Words} OPTIONS_SUB "Puedes cambiarlo cuando vuelvas a instalar." "You can change it when you install again."
${Words} OPTIONS_LIST "Marca lo que te sirve." "Tick what is of use to you."
${Words} WHERE "Dónde se instala" "Where it goes"
${Words} WHERE_SUB "Casi siempre está bien donde dice." "The folder given is nearly always right."
${Words} WHERE_TOP \
  "Pulsa Instalar para ponerlo en esta carpeta, o escoge otra con Examinar." \
  "Press Install to put it into this folder, or choose another with Browse."
${Words} WHERE_FOLDER "Carpeta" "Folder"
${Words} INSTALLING "Instalando" "Installing"
${Words} INSTALLING_SUB "Espera un momento; no apagues la computadora." "Wait a moment; do not switch the computer off."
${Words} REMOVE "Quitar Colmado Insights" "Remove Colmado Insights"
${Words} REMOVE_SUB "Se quita el programa; por tus datos se pregunta aparte." "The program goes; about your data you are asked."
${Words} REMOVE_TOP \
  "Ciérralo si está abierto, también el panel de caja, y pulsa Desinstalar." \
  "Close it if it is open, the cashier's panel too, and press Uninstall."
${Words} REMOVING "Quitando el programa" "Removing the program"
${Words} DESKTOP_SECTION "Acceso directo en el escritorio" "Shortcut on the desktop"
${Words} AUTOSTART_SECTION "Abrir el panel de caja al encender la computadora" "Open the cashier's panel when the computer starts"
${Words} FINISH "Listo" "Done"
${Words} FINISH_TEXT \
  "Colmado Insights quedó instalado.$\r$\n$\r$\nLo encuentras en el menú Inicio." \
  "Colmado Insights is installed.$\r$\n$\r$\nYou find it in the Start menu."
${Words} RUN "Abrir Colmado Insights" "Open Colmado Insights"

${Words} RUNNING \
  "Colmado Insights está abierto. Ciérralo, también el panel de caja, y pulsa Reintentar." \
  "Colmado Insights is open. Close it, the cashier's panel too, and press Retry."
${Words} WAITING "Se espera a que el programa se cierre…" "Waiting until the program has closed…"
${Words} OTHER_SETUP "Ya se está instalando en otra ventana." "Another window is installing it already."
${Words} WINDOWS \
  "Hace falta Windows 10 (1809) o más nuevo, de 64 bits." \
  "Windows 10 (1809) or newer, 64-bit, is needed."
${Words} OLDER \
  "Tienes la versión $InstalledVersion, más nueva que esta (${VERSION}). Un programa más viejo no puede abrir lo que guardó uno más nuevo.$\r$\n$\r$\n¿Poner la vieja de todos modos?" \
  "You have version $InstalledVersion, newer than this one (${VERSION}). An older program cannot open what a newer one kept.$\r$\n$\r$\nInstall the old one all the same?"
${Words} FOLDER \
  "No se puede usar la carpeta «$INSTDIR»." \
  "The folder “$INSTDIR” cannot be used."
${Words} ROOM \
  "No hay espacio en el disco: hacen falta $0 MB y quedan $1. No se cambió nada." \
  "There is no room on the disk: $0 MB are needed and $1 are left. Nothing was changed."
${Words} BACKING_UP "Se hace una copia de respaldo de tus ventas…" "Backing up your sales…"
${Words} BACKUP_FAILED \
  "No se pudo hacer la copia de respaldo de tus ventas:$\r$\n$\r$\n$1$\r$\n¿Seguir sin ella?" \
  "Your sales could not be backed up:$\r$\n$\r$\n$1$\r$\nGo on without a backup?"
${Words} UNPACK \
  "No se pudieron escribir los archivos en «$INSTDIR». Lo que tenías sigue igual." \
  "The files could not be written to “$INSTDIR”. What you had is as it was."
${Words} SWAP \
  "No se pudo cambiar el programa: algo tiene ocupado «$Busy». Sigue el que tenías. Reinicia la computadora y prueba otra vez." \
  "The program could not be replaced: something keeps “$Busy” busy. The one you had stays. Restart the computer and try again."
${Words} KEEP_DATA \
  "Tus ventas y ajustes se quedan. ¿Borrarlos también?" \
  "Your sales and settings stay. Delete them too?"
