#!/usr/bin/env pwsh
# The things one does with this repository, each one line of dotnet: ./run.ps1 serve | demo | test | bench | cluster
param(
    [Parameter(Mandatory)][ValidateSet('serve', 'demo', 'test', 'bench', 'cluster')][string] $Verb,
    [int] $Members = 3,
    [Parameter(ValueFromRemainingArguments)][string[]] $Rest
)

$ErrorActionPreference = 'Stop'
Push-Location $PSScriptRoot
try {
    switch ($Verb) {
        'serve' { dotnet run --project src/ActorRuns.Server -- @Rest }
        'demo' { dotnet run --project src/ActorRuns.Server -- demo @Rest }
        'test' { dotnet test @Rest }
        # Members on the ports from 8123 on, and the database that ACTORRUNS_POSTGRES names; Ctrl+C stops them all.
        'cluster' {
            dotnet build -c Release src/ActorRuns.Server
            $running = 1..$Members | ForEach-Object {
                Start-Process dotnet -PassThru -NoNewWindow -ArgumentList @(
                    'run', '-c', 'Release', '--no-build', '--project', 'src/ActorRuns.Server', '--',
                    '--urls', "http://127.0.0.1:$(8122 + $_)")
            }
            $running | Wait-Process
        }
        'bench' { dotnet run -c Release --project tests/ActorRuns.Benchmarks -- @Rest }
    }
    exit $LASTEXITCODE
}
finally {
    Pop-Location
}
