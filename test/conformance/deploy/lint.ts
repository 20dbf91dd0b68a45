import { execFile } from 'node:child_process'
import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './command.ts'

/** Installs cfn-lint and parliament into `cache` when they are missing; answers the folder of their programs. */
export async function installLinters(cache: string): Promise<string> {
  const programs = join(cache, 'lint/bin')
  const python = join(programs, 'python')
  if (await exists(join(programs, 'cfn-lint'))) return programs
  await mkdir(cache, { recursive: true })
  await run('python3', ['-m', 'venv', join(cache, 'lint')])
  await run(python, ['-m', 'pip', 'install', '-q', 'cfn-lint==1.58.0', 'parliament==1.6.4', 'setuptools<81'])
  return programs
}

/** cfn-lint and parliament over the templates; throws with the findings. */
export async function lint(programs: string, recipes: string, templates: readonly string[]): Promise<void> {
  // W3005: superfluous DependsOn that CDK writes. W6001: an output of an import, which is where a user looks for it.
  const ignored = ['W3005', 'W6001']
  await run(join(programs, 'cfn-lint'), ['--regions', 'us-east-1', '--ignore-checks', ...ignored, '--', ...templates])
  const findings = await linesOf(join(programs, 'python'), [join(recipes, 'deploy/iam_lint.py'), ...templates])
  const serious = findings.filter((line) => !isLogGroupArn(line))
  if (serious.length > 0) throw new Error(serious.join('\n'))
}

/** The script knows a reference to a log group only as an ARN without its end; the real one ends in `:*`. */
function isLogGroupArn(line: string): boolean {
  const actions = [...line.matchAll(/'action': '([^']+)'/g)].map(([, action]) => action)
  return (
    line.includes('RESOURCE_MISMATCH') && actions.length > 0 && actions.every((action) => action?.startsWith('logs:'))
  )
}

/** Standard output of a program that ends with 1 when it has something to report. */
function linesOf(program: string, args: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    execFile(program, args, (error, stdout, stderr) => {
      if (error && (error.code !== 1 || stderr)) return reject(new Error(stderr || error.message))
      resolve(stdout.split('\n').filter(Boolean))
    })
  })
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
