; The setup of Colmado Insights: for one user, without administrator rights, network or Visual C++ runtime.
; Made by tasks/package.py, which passes VERSION, FILES (the folder PyInstaller made), OUT and perhaps
; TARGET, PICTURES and SIGN. docs/releasing.md lists the options and exit codes.
;
; An upgrade unpacks beside the program and then swaps by renaming: ColmadoInsights.exe leaves first and comes
; last, so that it never stands beside the files of another version. What a power cut leaves, the next run mends.

!ifndef TARGET
  !define TARGET x86-unicode
!endif
Target ${TARGET}
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Sections.nsh
!include WinVer.nsh
!include WordFunc.nsh
!include x64.nsh

!define NAME "Colmado Insights"
!define APP ColmadoInsights
!define WINDOW ${APP}.exe
!define CONSOLE colmado.exe
!define UNINSTALLER uninstall.exe
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${APP}"
!define OLDEST_BUILD 17763 ; Windows 10 1809, as Qt 6 wants it
!define MENU "$SMPROGRAMS\${NAME}"
!define DESKTOP_LINK "$DESKTOP\${NAME}.lnk"
!define AUTOSTART_LINK "$SMSTARTUP\${NAME}.lnk"

; Exit codes beside NSIS' own (0 done, 1 cancelled, 2 files could not be written)
!define IS_RUNNING 3
!define NO_BACKUP 4
!define IS_OLDER 5
!define NO_ROOM 6
!define OLD_WINDOWS 7
!define NO_FOLDER 8
!define NOT_REPLACED 9

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${APP}"
RequestExecutionLevel user
ManifestDPIAware true
!ifdef QUICK ; to try things with
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif
AllowSkipFiles off
ShowInstDetails hide
ShowUninstDetails hide
BrandingText "${NAME} ${VERSION}"

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=0 ProductName "${NAME}"
VIAddVersionKey /LANG=0 ProductVersion "${VERSION}"
VIAddVersionKey /LANG=0 FileVersion "${VERSION}"
VIAddVersionKey /LANG=0 FileDescription "${NAME} Setup"
VIAddVersionKey /LANG=0 CompanyName "${NAME}"
VIAddVersionKey /LANG=0 LegalCopyright "MIT"
!ifdef SIGN
  !uninstfinalize '${SIGN} "%1"'
!endif

Var Installed ; where the program is now, or ""
Var InstalledVersion
Var Data ; where the user's sales are
Var Welcome
Var IsUpdating ; 1: the program itself started this setup
Var Busy ; what could not be moved during a swap, or ""
Var Patience ; seconds to wait for the program to close, before asking or giving up

; --- pages ------------------------------------------------------------------------------------------

!define MUI_ICON "..\resources\icons\colmado.ico"
!define MUI_UNICON "..\resources\icons\colmado.ico"
!ifdef PICTURES
  !define MUI_HEADERIMAGE
  !define MUI_HEADERIMAGE_RIGHT
  !define MUI_HEADERIMAGE_BITMAP "${PICTURES}/header.bmp"
  !define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURES}/side.bmp"
!endif
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "${NAME}"
!define MUI_WELCOMEPAGE_TEXT $Welcome
!define MUI_PAGE_CUSTOMFUNCTION_PRE WriteWelcome
!insertmacro MUI_PAGE_WELCOME
!define MUI_COMPONENTSPAGE_NODESC
!define MUI_PAGE_HEADER_TEXT "$(OPTIONS)"
!define MUI_PAGE_HEADER_SUBTEXT "$(OPTIONS_SUB)"
!define MUI_COMPONENTSPAGE_TEXT_TOP " "
!define MUI_COMPONENTSPAGE_TEXT_COMPLIST "$(OPTIONS_LIST)"
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenUpdating
!insertmacro MUI_PAGE_COMPONENTS
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenInstalled
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE SettleFolder
!define MUI_PAGE_HEADER_TEXT "$(WHERE)"
!define MUI_PAGE_HEADER_SUBTEXT "$(WHERE_SUB)"
!define MUI_DIRECTORYPAGE_TEXT_TOP "$(WHERE_TOP)"
!define MUI_DIRECTORYPAGE_TEXT_DESTINATION "$(WHERE_FOLDER)"
!insertmacro MUI_PAGE_DIRECTORY
!define MUI_PAGE_HEADER_TEXT "$(INSTALLING)"
!define MUI_PAGE_HEADER_SUBTEXT "$(INSTALLING_SUB)"
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_TITLE "$(FINISH)"
!define MUI_FINISHPAGE_TEXT "$(FINISH_TEXT)"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${WINDOW}"
!define MUI_FINISHPAGE_RUN_TEXT "$(RUN)"
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenUpdating
!insertmacro MUI_PAGE_FINISH

!define MUI_PAGE_HEADER_TEXT "$(REMOVE)"
!define MUI_PAGE_HEADER_SUBTEXT "$(REMOVE_SUB)"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "$(REMOVE_TOP)"
!define MUI_UNCONFIRMPAGE_TEXT_LOCATION "$(WHERE_FOLDER)"
!insertmacro MUI_UNPAGE_CONFIRM
!define MUI_PAGE_HEADER_TEXT "$(REMOVING)"
!define MUI_PAGE_HEADER_SUBTEXT " "
!insertmacro MUI_UNPAGE_INSTFILES

!define MUI_CUSTOMFUNCTION_GUIINIT Begin ; once the words of the right language are there
!insertmacro MUI_LANGUAGE "Spanish"
!insertmacro MUI_LANGUAGE "English"
!include /CHARSET=UTF8 words.nsh

Function WriteWelcome
  Call SkipWhenUpdating
  StrCpy $Welcome "$(WELCOME)"
  ${If} $InstalledVersion != ""
    StrCpy $Welcome "$(WELCOME_BACK)"
  ${EndIf}
FunctionEnd

Function SkipWhenUpdating
  ${If} $IsUpdating = 1
    Abort
  ${EndIf}
FunctionEnd

Function SkipWhenInstalled ; an upgrade goes where the program is
  ${If} $Installed != ""
    Abort
  ${EndIf}
FunctionEnd

; --- shared by setup and uninstaller ----------------------------------------------------------------

; Say why nothing was done and end; silently the exit code says it.
!macro Stop CODE SENTENCE
  MessageBox MB_OK|MB_ICONSTOP "${SENTENCE}" /SD IDOK
  SetErrorLevel ${CODE}
  Quit
!macroend
!define Stop "!insertmacro Stop"

; The same once the installed program was asked to close: after an update it asked for, it comes back.
!macro GiveUp CODE SENTENCE
  MessageBox MB_OK|MB_ICONSTOP "${SENTENCE}" /SD IDOK
  Call StartAgain
  SetErrorLevel ${CODE}
  Quit
!macroend
!define GiveUp "!insertmacro GiveUp"

; Read what the command line says after an option into a variable; "" when it is not given.
!macro Option VARIABLE NAME
  ${GetParameters} $9
  ClearErrors
  ${GetOptions} $9 "/${NAME}=" ${VARIABLE}
  ${If} ${Errors}
    StrCpy ${VARIABLE} ""
  ${EndIf}
!macroend
!define Option "!insertmacro Option"

!macro AddShared UN
  Function ${UN}ChooseLanguage
    ${Option} $0 LANG
    ${If} $0 = ${LANG_SPANISH}
    ${OrIf} $0 = ${LANG_ENGLISH}
      StrCpy $LANGUAGE $0
    ${EndIf}
  FunctionEnd

  ; Where the program of a folder ($0) keeps the user's sales, as the program itself decides it.
  Function ${UN}FindData
    ReadEnvStr $Data COLMADO_HOME
    ${If} $Data == ""
      StrCpy $Data "$LOCALAPPDATA\${APP}"
      ${If} ${FileExists} "$0\portable.txt"
        StrCpy $Data "$0\datos"
      ${EndIf}
    ${EndIf}
  FunctionEnd

  ; $1 = 1 when a program of the folder $0 runs: Windows lets nobody write into it then.
  Function ${UN}LookWhetherRunning
    StrCpy $1 0
    !insertmacro LookWhetherOpen "$0\${WINDOW}"
    !insertmacro LookWhetherOpen "$0\${CONSOLE}"
  FunctionEnd

  ; Wait for the program of the folder $0 to close, ask to close it, or give up.
  Function ${UN}WaitUntilClosed
    StrCpy $2 0
    ${Do}
      Call ${UN}LookWhetherRunning
      ${If} $1 = 0
        Return
      ${EndIf}
      ${If} $2 < $Patience
        DetailPrint "$(WAITING)"
        IntOp $2 $2 + 1
        Sleep 1000
        ${Continue}
      ${EndIf}
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNNING)" /SD IDCANCEL IDRETRY +3
      SetErrorLevel ${IS_RUNNING}
      Quit
    ${Loop}
  FunctionEnd

  ; Delete what setup puts into a folder ($0), and the folder when nothing else is in it.
  Function ${UN}RemoveProgram
    Delete "$0\${WINDOW}"
    Delete "$0\${CONSOLE}"
    RMDir /r "$0\_internal"
    RMDir /r "$0\${APP}.new"
    RMDir /r "$0\${APP}.old"
    Delete "$0\${UNINSTALLER}"
    RMDir "$0"
  FunctionEnd

  ; Links of either language; what else the user put into the menu stays.
  Function ${UN}RemoveMenu
    Delete "${MENU}\${NAME}.lnk"
    Delete "${MENU}\${PANEL_ES}.lnk"
    Delete "${MENU}\${PANEL_EN}.lnk"
    Delete "${MENU}\${GUIDE_ES}.lnk"
    Delete "${MENU}\${GUIDE_EN}.lnk"
    RMDir "${MENU}"
  FunctionEnd
!macroend

!macro LookWhetherOpen FILE
  ${If} ${FileExists} "${FILE}"
    ClearErrors
    FileOpen $9 "${FILE}" a
    ${If} ${Errors}
      StrCpy $1 1
    ${Else}
      FileClose $9
    ${EndIf}
  ${EndIf}
!macroend

!insertmacro AddShared ""
!insertmacro AddShared "un."

; --- before anything is done ------------------------------------------------------------------------

Function .onInit
  Call ChooseLanguage
  ; A program that starts this setup leaves variables meant for its own parts.
  System::Call 'kernel32::SetEnvironmentVariable(t "PYINSTALLER_RESET_ENVIRONMENT", t "1")'
  ReadRegStr $Installed HKCU "${KEY}" InstallLocation
  ReadRegStr $InstalledVersion HKCU "${KEY}" DisplayVersion
  ${IfNot} ${FileExists} "$Installed\${WINDOW}"
  ${AndIfNot} ${FileExists} "$Installed\${APP}.old\${WINDOW}"
    StrCpy $Installed "" ; somebody deleted it, or its disk is not here
  ${EndIf}
  ${If} $Installed != ""
  ${AndIf} $INSTDIR == "$LOCALAPPDATA\Programs\${APP}" ; /D= says otherwise
    StrCpy $INSTDIR $Installed
  ${EndIf}
  Call ReadChoices
  ${Option} $IsUpdating UPDATE
  ${If} ${Silent}
    StrCpy $Patience 3
    Call SettleFolder
    Call Begin
  ${EndIf}
  ${If} $IsUpdating = 1
    StrCpy $Patience 60
  ${EndIf}
FunctionEnd

Function Begin ; or say why not
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
  ${OrIfNot} ${AtLeastBuild} ${OLDEST_BUILD}
    ${Stop} ${OLD_WINDOWS} "$(WINDOWS)"
  ${EndIf}
  System::Call 'kernel32::CreateMutex(p 0, i 0, t "${APP}Setup") p ?e'
  Pop $0
  ${If} $0 = 183 ; ERROR_ALREADY_EXISTS
    ${Stop} ${IS_RUNNING} "$(OTHER_SETUP)"
  ${EndIf}
  ${VersionCompare} "$InstalledVersion" "${VERSION}" $0
  ${If} $InstalledVersion != ""
  ${AndIf} $0 = 1 ; an older program cannot open newer data
    MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$(OLDER)" /SD IDNO IDYES +4
    Call StartAgain
    SetErrorLevel ${IS_OLDER}
    Quit
  ${EndIf}
FunctionEnd

; A folder with things of others in it gets one of our own inside.
Function SettleFolder
  ${If} ${FileExists} "$INSTDIR\*.*"
  ${AndIfNot} ${FileExists} "$INSTDIR\${WINDOW}"
  ${AndIfNot} ${FileExists} "$INSTDIR\${APP}.new\*.*"
  ${AndIfNot} ${FileExists} "$INSTDIR\${APP}.old\*.*"
  ${AndIf} $INSTDIR != $Installed
    ${DirState} "$INSTDIR" $0
    ${If} $0 = 1
      StrCpy $INSTDIR "$INSTDIR\${APP}"
    ${EndIf}
  ${EndIf}
FunctionEnd

; --- what is put in place ---------------------------------------------------------------------------

Section "${NAME}" PROGRAM
  SectionIn RO
  ${If} $Installed == ""
    StrCpy $Installed $INSTDIR
  ${EndIf}
  StrCpy $0 $Installed
  Call WaitUntilClosed
  StrCpy $0 $INSTDIR
  Call WaitUntilClosed
  Call MakeFolder
  Call RestoreOld
  Call BackUp
  RMDir /r "$INSTDIR\${APP}.new"
  SetOutPath "$INSTDIR\${APP}.new"
  ClearErrors
  File /r "${FILES}\*"
  WriteUninstaller "$INSTDIR\${APP}.new\${UNINSTALLER}"
  SetOutPath $PROFILE
  ${If} ${Errors}
    Call RemoveUnpacked
    ${GiveUp} 2 "$(UNPACK)"
  ${EndIf}
  Call Swap
  ${If} $Installed != $INSTDIR
    StrCpy $0 $Installed
    Call RemoveProgram
  ${EndIf}
  Call Register
SectionEnd

Section "$(DESKTOP_SECTION)" DESKTOP
SectionEnd

Section /o "$(AUTOSTART_SECTION)" AUTOSTART
SectionEnd

Section -Links
  SetOutPath $PROFILE ; where a link starts the program: not in a folder that an upgrade moves
  Call RemoveMenu
  CreateDirectory "${MENU}"
  CreateShortcut "${MENU}\${NAME}.lnk" "$INSTDIR\${WINDOW}"
  CreateShortcut "${MENU}\$(PANEL).lnk" "$INSTDIR\${WINDOW}" --cashier
  ${If} ${FileExists} "$INSTDIR\_internal\guide\guia.html"
    CreateShortcut "${MENU}\$(GUIDE).lnk" "$INSTDIR\_internal\guide\guia.html" "" "$INSTDIR\${WINDOW}"
  ${EndIf}
  Delete "${DESKTOP_LINK}"
  ${If} ${SectionIsSelected} ${DESKTOP}
    CreateShortcut "${DESKTOP_LINK}" "$INSTDIR\${WINDOW}"
  ${EndIf}
  Delete "${AUTOSTART_LINK}"
  ${If} ${SectionIsSelected} ${AUTOSTART}
    CreateShortcut "${AUTOSTART_LINK}" "$INSTDIR\${WINDOW}" --cashier
  ${EndIf}
SectionEnd

; An upgrade keeps what is there; a first install follows the section; the command line says it over both.
!macro ReadChoice SECTION WORD LINK
  ${If} $InstalledVersion != ""
    !insertmacro UnselectSection ${SECTION}
    ${If} ${FileExists} "${LINK}"
      !insertmacro SelectSection ${SECTION}
    ${EndIf}
  ${EndIf}
  ${Option} $0 ${WORD}
  ${If} $0 == 1
    !insertmacro SelectSection ${SECTION}
  ${ElseIf} $0 == 0
    !insertmacro UnselectSection ${SECTION}
  ${EndIf}
!macroend

Function ReadChoices
  !insertmacro ReadChoice ${DESKTOP} DESKTOP "${DESKTOP_LINK}"
  !insertmacro ReadChoice ${AUTOSTART} AUTOSTART "${AUTOSTART_LINK}"
FunctionEnd

; The folder, on a disk with room for the new program beside the old one.
Function MakeFolder
  ClearErrors
  CreateDirectory "$INSTDIR"
  ${If} ${Errors}
    ${GiveUp} ${NO_FOLDER} "$(FOLDER)"
  ${EndIf}
  SectionGetSize ${PROGRAM} $0
  IntOp $0 $0 / 1024
  IntOp $0 $0 + 50
  System::Call 'kernel32::GetDiskFreeSpaceEx(t "$INSTDIR", *l .r1, p 0, p 0) i .r2'
  System::Int64Op $1 / 1048576
  Pop $1
  ${If} $2 <> 0
  ${AndIf} $1 < $0
    RMDir "$INSTDIR"
    ${GiveUp} ${NO_ROOM} "$(ROOM)"
  ${EndIf}
FunctionEnd

; The installed program itself makes the backup: it knows its own data.
Function BackUp
  StrCpy $0 $Installed
  Call FindData
  ${IfNot} ${FileExists} "$Data\colmado.db"
  ${OrIfNot} ${FileExists} "$Installed\${CONSOLE}"
    Return
  ${EndIf}
  DetailPrint "$(BACKING_UP)"
  nsExec::ExecToStack /TIMEOUT=900000 '"$Installed\${CONSOLE}" backup'
  Pop $0
  Pop $1
  ; The console program speaks UTF-8, nsExec hears Windows' code page.
  System::Call 'kernel32::MultiByteToWideChar(i 65001, i 0, m r1, i -1, w .r1, i ${NSIS_MAX_STRLEN})'
  ${If} $0 == 0
    DetailPrint $1
    Return
  ${EndIf}
  MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$(BACKUP_FAILED)" /SD IDNO IDYES +5
  RMDir "$INSTDIR"
  Call StartAgain
  SetErrorLevel ${NO_BACKUP}
  Quit
FunctionEnd

Function RemoveUnpacked
  RMDir /r "$INSTDIR\${APP}.new"
  RMDir "$INSTDIR"
FunctionEnd

; Move NAME from one folder of the program's to another; once one could not be moved, nothing.
!macro Move FROM NAME TO
  ${If} $Busy == ""
  ${AndIf} ${FileExists} "$INSTDIR${FROM}\${NAME}"
    StrCpy $8 "$INSTDIR${FROM}\${NAME}"
    StrCpy $9 "$INSTDIR${TO}\${NAME}"
    Call MovePatiently
  ${EndIf}
!macroend

!macro Restore NAME
  ${If} ${FileExists} "$INSTDIR\${APP}.old\${NAME}"
    RMDir /r "$INSTDIR\${NAME}"
    Delete "$INSTDIR\${NAME}"
    !insertmacro Move "\${APP}.old" "${NAME}" ""
  ${EndIf}
!macroend

Function Swap
  RMDir /r "$INSTDIR\${APP}.old"
  CreateDirectory "$INSTDIR\${APP}.old"
  StrCpy $Busy ""
  !insertmacro Move "" ${WINDOW} "\${APP}.old"
  !insertmacro Move "" ${CONSOLE} "\${APP}.old"
  !insertmacro Move "" ${UNINSTALLER} "\${APP}.old"
  !insertmacro Move "" _internal "\${APP}.old"
  !insertmacro Move "\${APP}.new" _internal ""
  !insertmacro Move "\${APP}.new" ${UNINSTALLER} ""
  !insertmacro Move "\${APP}.new" ${CONSOLE} ""
  !insertmacro Move "\${APP}.new" ${WINDOW} ""
  ${If} $Busy != ""
    Push $Busy
    ${If} ${FileExists} "$INSTDIR\${APP}.old\${WINDOW}"
      Delete "$INSTDIR\${WINDOW}"
      Call RestoreOld
    ${EndIf}
    RMDir "$INSTDIR\${APP}.old"
    RMDir /r "$INSTDIR\${APP}.new"
    Pop $Busy
    ${GiveUp} ${NOT_REPLACED} "$(SWAP)"
  ${EndIf}
  RMDir /r "$INSTDIR\${APP}.old"
  RMDir /r "$INSTDIR\${APP}.new"
FunctionEnd

; What a swap that broke off took out of its place comes back; without one there is nothing to do.
Function RestoreOld
  ${If} ${FileExists} "$INSTDIR\${APP}.old\${WINDOW}"
  ${AndIfNot} ${FileExists} "$INSTDIR\${WINDOW}"
    StrCpy $Busy ""
    !insertmacro Restore _internal
    !insertmacro Restore ${UNINSTALLER}
    !insertmacro Restore ${CONSOLE}
    !insertmacro Restore ${WINDOW}
  ${EndIf}
FunctionEnd

; A virus scanner may hold a fresh file for some seconds.
Function MovePatiently
  ${For} $7 1 40
    ClearErrors
    Rename $8 $9
    ${IfNot} ${Errors}
      Return
    ${EndIf}
    Sleep 250
  ${Next}
  StrCpy $Busy $8
FunctionEnd

Function Register
  SectionGetSize ${PROGRAM} $0
  WriteRegStr HKCU "${KEY}" DisplayName "${NAME}"
  WriteRegStr HKCU "${KEY}" DisplayVersion "${VERSION}"
  WriteRegStr HKCU "${KEY}" DisplayIcon "$INSTDIR\${WINDOW}"
  WriteRegStr HKCU "${KEY}" Publisher "${NAME}"
  WriteRegStr HKCU "${KEY}" InstallLocation "$INSTDIR"
  WriteRegStr HKCU "${KEY}" UninstallString '"$INSTDIR\${UNINSTALLER}"'
  WriteRegStr HKCU "${KEY}" QuietUninstallString '"$INSTDIR\${UNINSTALLER}" /S'
  WriteRegDWORD HKCU "${KEY}" EstimatedSize $0
  WriteRegDWORD HKCU "${KEY}" NoModify 1
  WriteRegDWORD HKCU "${KEY}" NoRepair 1
FunctionEnd

; After an update that the program itself asked for, it stands there again, also when nothing came of it.
Function StartAgain
  ${If} $IsUpdating = 1
  ${AndIf} ${FileExists} "$INSTDIR\${WINDOW}"
    Exec '"$INSTDIR\${WINDOW}"'
  ${EndIf}
FunctionEnd

Function .onInstSuccess
  Call StartAgain
FunctionEnd

Function .onInstFailed ; NSIS itself gave up, as when the disk is full after all
  Call RemoveUnpacked
  Call StartAgain
FunctionEnd

; --- what is taken away -----------------------------------------------------------------------------

Function un.onInit
  Call un.ChooseLanguage
  ReadRegStr $0 HKCU "${KEY}" InstallLocation
  ${If} $0 != $INSTDIR
  ${AndIfNot} ${FileExists} "$INSTDIR\${WINDOW}" ; somebody copied this file elsewhere
    ${Stop} ${NO_FOLDER} "$(FOLDER)"
  ${EndIf}
  ${If} ${Silent}
    StrCpy $Patience 3
  ${EndIf}
FunctionEnd

Section Uninstall
  SetOutPath $TEMP
  StrCpy $0 $INSTDIR
  Call un.WaitUntilClosed
  Call un.AskForData
  ${If} $Data != ""
    nsExec::Exec /TIMEOUT=60000 '"$INSTDIR\${CONSOLE}" grok --forget-key' ; from Windows' vault
    Pop $0
  ${EndIf}
  Delete "${DESKTOP_LINK}"
  Delete "${AUTOSTART_LINK}"
  Call un.RemoveMenu
  StrCpy $0 $INSTDIR
  Call un.RemoveProgram
  ReadRegStr $0 HKCU "${KEY}" InstallLocation
  ${If} $0 == $INSTDIR
    DeleteRegKey HKCU "${KEY}"
  ${EndIf}
  ${If} $Data != ""
    RMDir /r "$Data"
    RMDir "$INSTDIR"
  ${EndIf}
SectionEnd

; Leaves in $Data the folder to delete: "" unless the user wants it gone. One that COLMADO_HOME names is never ours.
Function un.AskForData
  StrCpy $0 $INSTDIR
  Call un.FindData
  ReadEnvStr $1 COLMADO_HOME
  ${Option} $2 DATA
  ${If} $1 == ""
  ${AndIf} ${FileExists} "$Data\*.*"
    ${If} $2 == 1
      Return
    ${EndIf}
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(KEEP_DATA)" /SD IDNO IDNO +2
    Return
  ${EndIf}
  StrCpy $Data ""
FunctionEnd
