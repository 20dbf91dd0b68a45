import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** The sources and packages that are loaded before the first line of `npm run serve` runs. */
async function loadedAtStart(): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(repository, 'infra/local/serve.ts')],
    absWorkingDir: repository,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    outdir: 'out',
    metafile: true,
  })
  const loaded = new Set<string>()
  const follow = (source: string): void => {
    if (loaded.has(source)) return
    loaded.add(source)
    for (const { path, kind } of metafile.inputs[source]?.imports ?? []) if (kind !== 'dynamic-import') follow(path)
  }
  follow('infra/local/serve.ts')
  return [...loaded]
}

describe('the modules of a start', () => {
  it('are what exchanges and S3 need, without the IAM API, other stores and what is seldom asked for', async () => {
    const loaded = await loadedAtStart()
    expect(loaded).toContain('functions/assume-role-with-web-identity/action.ts')
    expect(loaded).toContain('functions/s3/service.ts')
    const seldom =
      /^functions\/(iam|create-session|check-directory|get-web-identity-token|revoke-sessions)\/|node_modules\/(@aws-sdk\/|jose\/dist\/webapi\/index)/
    expect(loaded.filter((source) => seldom.test(source))).toEqual([])
  })
})

describe('the compile cache', () => {
  const report = 'console.log(JSON.stringify(require("node:module").getCompileCacheDir() ?? null))'
  const run = async (env: Record<string, string>) => {
    const args = ['--require', join(repository, 'scripts/compile-cache.cjs'), '-e', report]
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { PATH: process.env.PATH, ...env } })
    return JSON.parse(stdout)
  }

  it('lies among the packages, where only their owner can leave code', async () => {
    expect(await run({})).toContain(join(repository, 'node_modules', '.cache', 'daypass'))
  })

  it('can be switched off as Node.js has it', async () => {
    expect(await run({ NODE_DISABLE_COMPILE_CACHE: '1' })).toBeNull()
  })
})
