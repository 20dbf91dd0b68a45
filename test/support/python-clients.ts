import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** One set of versions: another one makes another environment. */
const PACKAGES = ['awscli==1.46.2', 'boto3==1.44.5', 's3cmd==2.4.0']
/** The last line of boto3 that takes `region_name=''` for S3, as Ceph's documentation has it; later ones refuse it themselves. */
const EARLIER_BOTO3 = 'boto3==1.24.96'
const folder = fileURLToPath(new URL('../../.cache/python-clients', import.meta.url))
const marker = join(folder, `${PACKAGES.join('_')}.installed`)
const bin = join(folder, 'bin')

export interface PythonClients {
  readonly aws: string
  readonly s3cmd: string
  readonly python: string
}

/**
 * AWS's CLI, boto3 and s3cmd as real programs, installed once into a virtual environment that git ignores. Where that cannot
 * be done it answers why, in a sentence.
 */
export async function pythonClients(): Promise<PythonClients | string> {
  if (!existsSync(marker)) {
    try {
      await run('python3', ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 9))'])
    } catch {
      return 'python3 (3.9 or later, with venv) is not here'
    }
    process.stderr.write(`Installing ${PACKAGES.join(', ')} into .cache/python-clients for the tests (once) …\n`)
    try {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
      await run('python3', ['-m', 'venv', folder])
      await run(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES])
      writeFileSync(marker, '')
    } catch (error) {
      return `the Python packages could not be installed: ${error instanceof Error ? error.message : error}`
    }
  }
  return { aws: join(bin, 'aws'), s3cmd: join(bin, 's3cmd'), python: join(bin, 'python') }
}

/** A folder for PYTHONPATH with a release of boto3 that Ceph's programs were written for, installed once like the rest. */
export async function earlierBoto3(python: string): Promise<string> {
  const target = fileURLToPath(new URL(`../../.cache/${EARLIER_BOTO3}`, import.meta.url))
  if (!existsSync(join(target, 'installed'))) {
    process.stderr.write(`Installing ${EARLIER_BOTO3} into .cache for the tests (once) …\n`)
    rmSync(target, { recursive: true, force: true })
    const quiet = ['install', '--quiet', '--disable-pip-version-check']
    await run(python, ['-m', 'pip', ...quiet, '--target', target, EARLIER_BOTO3])
    writeFileSync(join(target, 'installed'), '')
  }
  return target
}
