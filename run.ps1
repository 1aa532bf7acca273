#!/usr/bin/env pwsh
# The things one does with this repository, each one line of dotnet: ./run.ps1 serve | demo | test | bench
param(
    [Parameter(Mandatory)][ValidateSet('serve', 'demo', 'test', 'bench')][string] $Verb,
    [Parameter(ValueFromRemainingArguments)][string[]] $Rest
)

$ErrorActionPreference = 'Stop'
Push-Location $PSScriptRoot
try {
    switch ($Verb) {
        'serve' { dotnet run --project src/ActorRuns.Server -- @Rest }
        'demo' { dotnet run --project src/ActorRuns.Server -- demo @Rest }
        'test' { dotnet test @Rest }
        'bench' { dotnet run -c Release --project tests/ActorRuns.Benchmarks -- @Rest }
    }
    exit $LASTEXITCODE
}
finally {
    Pop-Location
}
