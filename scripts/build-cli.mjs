// Builds the package `daypass` (cli/) into cli/dist, on Node.js 20 or later: each program one file that needs no other package.
//   --when-installed   does nothing, and says so, where the tools are left out (npm ci --omit=dev)
//   --types            makes the declarations too
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'cli/dist')
const flags = process.argv.slice(2)

const esbuild = await import('esbuild').catch((error) => {
  if (!flags.includes('--when-installed') || error.code !== 'ERR_MODULE_NOT_FOUND') throw error
})
if (!esbuild) console.error('cli/dist is not built: esbuild is not installed.')
else await build(esbuild)

async function build({ build }) {
  const { version } = JSON.parse(readFileSync(join(root, 'cli/package.json'), 'utf8'))
  const options = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outdir: out,
    write: false,
    define: { DAYPASS_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  }
  const [program, library] = await Promise.all([
    build({
      ...options,
      entryPoints: { daypass: join(root, 'cli/main.ts') },
      banner: { js: '#!/usr/bin/env node' },
    }),
    build({ ...options, entryPoints: { index: join(root, 'cli/index.ts') } }),
  ])
  mkdirSync(out, { recursive: true })
  put('daypass.js', program.outputFiles[0].contents, 0o755)
  put('index.js', library.outputFiles[0].contents)
  // jose is inside the bundles, and its licence wants to be with it.
  put('LICENSE.jose.md', readFileSync(join(root, 'node_modules/jose/LICENSE.md')))
  put('LICENSE', readFileSync(join(root, 'LICENSE')))
  if (flags.includes('--types')) declareTypes()
}

/** In one step, so that whoever runs the program meanwhile has the old one or the new one. */
function put(name, content, mode = 0o644) {
  const scratch = join(out, `.${name}.${process.pid}`)
  writeFileSync(scratch, content)
  chmodSync(scratch, mode)
  renameSync(scratch, join(out, name))
}

/** The declarations of what the package exports stand in one file, because its types refer to no other. */
function declareTypes() {
  const scratch = mkdtempSync(join(tmpdir(), 'daypass-types-'))
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const args = ['-p', join(root, 'cli/tsconfig.json'), '--outDir', scratch]
    execFileSync(process.execPath, [tsc, ...args], { stdio: ['ignore', 2, 2] })
    put('index.d.ts', readFileSync(join(scratch, 'cli/index.d.ts')))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
