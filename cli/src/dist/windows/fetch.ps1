# Runs Modelfetch in PowerShell; the same as the script fetch elsewhere. Words reach the program in a variable: what this
# shell makes of quotes and letters on the way to another process differs from version to version.

$here = Split-Path -Parent $MyInvocation.MyCommand.Path

function Stop-Fetch([string] $why) {
    [Console]::Error.WriteLine("fetch: $why")
    exit 1
}

# --- Where the program is: beside this script; in an archive, one folder up, with a Java of its own.

$lib = $here
if (-not (Test-Path -LiteralPath (Join-Path $lib 'modelfetch.jar'))) { $lib = Join-Path (Split-Path -Parent $here) 'lib' }
$jar = Join-Path $lib 'modelfetch.jar'
if (-not (Test-Path -LiteralPath $jar)) { Stop-Fetch "$(Join-Path $here 'modelfetch.jar') is missing; put it beside this script." }

# --- Java: 17 or newer. The file release saves starting it.

function Get-JavaVersion([string] $java) {
    $release = Join-Path (Split-Path -Parent (Split-Path -Parent $java)) 'release'
    $text = if (Test-Path -LiteralPath $release) { Get-Content -LiteralPath $release -Raw } else { & $java -version 2>&1 | Out-String }
    if ($text -match '(?:JAVA_VERSION=|version )"([^"]+)"') { $Matches[1] } else { '0' }
}

$named = $env:MODELFETCH_JAVA
$candidates = if ($named) {
    if (Test-Path -LiteralPath $named -PathType Container) { Join-Path $named 'bin\java.exe' } else { $named }
} else {
    Join-Path $lib 'runtime\bin\java.exe'
    if ($env:JAVA_HOME) { Join-Path $env:JAVA_HOME 'bin\java.exe' }
    (Get-Command java.exe -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1).Path
}
$java = $null
$found = ''
foreach ($candidate in $candidates) {
    if (-not $candidate -or -not (Test-Path -LiteralPath $candidate -PathType Leaf)) { continue }
    $version = Get-JavaVersion $candidate
    $major = [int] ($version -split '[^0-9]')[0]
    $found += " $candidate is version $version."
    if ($major -ge 17) { $java = $candidate; break }
}
if (-not $java) {
    if (-not $found) { $found = if ($named) { " There is none at MODELFETCH_JAVA=$named." } else { ' None was found.' } }
    Stop-Fetch "Java 17 or newer is needed.$found Install a JDK, for example from https://adoptium.net, or set JAVA_HOME."
}

# --- What only this shell knows: which streams are a console, and how wide it is.

function Get-Flag([bool] $yes) { if ($yes) { 1 } else { 0 } }

$piped = $MyInvocation.ExpectingInput -or [Console]::IsInputRedirected
$options = @("@$(Join-Path $here 'jvm.args')")
$options += "-Dmodelfetch.stdin=$(Get-Flag (-not $piped))"
$options += "-Dmodelfetch.stdout=$(Get-Flag (-not [Console]::IsOutputRedirected))"
$options += "-Dmodelfetch.tty=$(Get-Flag (-not [Console]::IsErrorRedirected))"
if (-not [Console]::IsErrorRedirected -and -not [Console]::IsOutputRedirected) { $options += "-Dmodelfetch.columns=$([Console]::WindowWidth)" }

# --- Start-up: from Java 19 on the JVM itself writes an archive of the classes it has loaded, at the end of the first run.

if ($major -ge 19 -and $env:LOCALAPPDATA -and -not $env:MODELFETCH_NO_ARCHIVE -and -not $env:CI) {
    $folder = New-Item -ItemType Directory -Force -Path (Join-Path $env:LOCALAPPDATA 'modelfetch')
    $options += '-XX:+AutoCreateSharedArchive', "-XX:SharedArchiveFile=$(Join-Path $folder.FullName "fetch-$version.jsa")"
}
$options += '-cp', $jar, 'dev.modelfetch.cli.Main'

# A list such as modelscope,mirror has become several words by now.
$words = $args | ForEach-Object { $_ -join ',' }

# --- UTF-8 for the time being: what is captured or piped is decoded with this.

$before = [Console]::OutputEncoding
try {
    [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
    $env:MODELFETCH_ARGUMENTS = $words -join "`n"
    if ($MyInvocation.ExpectingInput) { $input | & $java $options } else { & $java $options }
} finally {
    $env:MODELFETCH_ARGUMENTS = $null
    [Console]::OutputEncoding = $before
}
exit $LASTEXITCODE
