@echo off
rem Runs Modelfetch; the same as the script fetch elsewhere. Nothing in here is looked at twice by the interpreter: words of
rem the command line reach the program as they are, whatever % ! & ^ there is in them.
setlocal EnableExtensions DisableDelayedExpansion

rem --- Where the program is: beside this script; in an archive, one folder up, with a Java of its own.
set "here=%~dp0"
set "lib=%here%"
if not exist "%lib%modelfetch.jar" for %%d in ("%here%..\lib") do set "lib=%%~fd\"
if exist "%lib%modelfetch.jar" goto java
>&2 echo fetch: %here%modelfetch.jar is missing; put it beside this script.
exit /b 1

rem --- Java: 17 or newer.
:java
set "java="
set "found="
if not defined MODELFETCH_JAVA goto own
if exist "%MODELFETCH_JAVA%\bin\java.exe" set "MODELFETCH_JAVA=%MODELFETCH_JAVA%\bin\java.exe"
call :try MODELFETCH_JAVA
if defined java goto run
if not defined found set "found= There is none at MODELFETCH_JAVA=%MODELFETCH_JAVA%."
goto none

:own
set "candidate=%lib%runtime\bin\java.exe"
call :try candidate
if defined java goto run
if not defined JAVA_HOME goto path
set "candidate=%JAVA_HOME%\bin\java.exe"
call :try candidate
if defined java goto run
:path
set "candidate="
for %%j in (java.exe) do set "candidate=%%~$PATH:j"
if defined candidate call :try candidate
if defined java goto run

:none
if not defined found set "found= None was found."
>&2 echo fetch: Java 17 or newer is needed.%found% Install a JDK, for example from https://adoptium.net, or set JAVA_HOME.
exit /b 1

rem --- Takes the program whose path is in that variable, if it is new enough. The file release saves starting it.
:try
call set "try=%%%1%%"
if not exist "%try%" exit /b
for %%f in ("%try%") do set "bin=%%~dpf"
set "release=%bin%..\release"
set "version="
if exist "%release%" for /f "usebackq tokens=1,2 delims==" %%a in ("%release%") do if "%%a"=="JAVA_VERSION" set "version=%%b"
if defined version set version=%version:"=%
if defined version goto compare
rem In its own folder, so that no path has to be quoted within quotes.
pushd "%bin%"
for /f tokens^=2^ delims^=^" %%v in ('java.exe -version 2^>^&1') do if not defined version set "version=%%v"
popd
:compare
set "major=0"
for /f "delims=.-+" %%m in ("%version%") do set "major=%%m"
set "found=%found% %try% is version %version%."
if %major% GEQ 17 set "java=%try%"
exit /b

:run
rem --- Start-up: from Java 19 on the JVM itself writes an archive of the classes it has loaded, at the end of the first run.
set "archive="
if defined MODELFETCH_NO_ARCHIVE goto start
if defined CI goto start
if not defined LOCALAPPDATA goto start
if %major% LSS 19 goto start
if not exist "%LOCALAPPDATA%\modelfetch" mkdir "%LOCALAPPDATA%\modelfetch" 2>nul
set archive=-XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=%LOCALAPPDATA%\modelfetch\fetch-%version%.jsa"

:start
"%java%" "@%here%jvm.args" %archive% -cp "%lib%modelfetch.jar" dev.modelfetch.cli.Main %*
