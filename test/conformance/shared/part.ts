import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url))
const RECIPES = resolve(REPOSITORY, process.env.DAYPASS_RECIPES ?? '../shared/recipes')
const CACHE = process.env.DAYPASS_CACHE ?? join(homedir(), '.cache/daypass-conformance')

const PAUSE_MS = 200
const PATIENCE_MS = 3 * 60_000
/** How long a part may take to end by itself. */
const FAREWELL_MS = 10_000

/** A server that runs in a process group of its own. */
export interface Part {
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) signal(child, 'SIGKILL')
})
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1))

/** The path of an install script, and the folder that it installs into and that is kept between runs. */
export const recipe = (name: string) => ({ script: join(RECIPES, `${name}.sh`), folder: join(CACHE, name) })

/** Installs a part by its recipe, at once when it is there; rejects with the end of what the recipe said when it cannot be had. */
export async function install(name: string): Promise<string> {
  const { script, folder } = recipe(name)
  const child = spawn('bash', [script, folder], { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  running.add(child)
  const tail = keepTail(child)
  const [code] = await once(child, 'close')
  running.delete(child)
  if (code !== 0) throw new Error(`${name} cannot be installed by ${script}:\n${tail()}`)
  return folder
}

/** Starts a server and waits until `ready` is answered with 200. Rejects with the end of its output when it ends before. */
export async function startPart(
  command: string,
  args: readonly string[],
  ready: string | (() => Promise<boolean>),
): Promise<Part> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  running.add(child)
  const tail = keepTail(child)
  const exited = once(child, 'close').then(() => running.delete(child))
  const stop = async () => {
    signal(child, 'SIGTERM')
    const last = setTimeout(() => signal(child, 'SIGKILL'), FAREWELL_MS)
    await exited
    clearTimeout(last)
  }
  const until = performance.now() + PATIENCE_MS
  while (!(await (typeof ready === 'string' ? answers(ready) : ready()))) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > until) {
      await stop()
      throw new Error(`${command} ${args.join(' ')} did not start:\n${tail()}`)
    }
    await delay(PAUSE_MS)
  }
  return { stop }
}

/**
 * A port that nobody had a moment ago, and the next ones, `count` in all. They lie below those that the system gives away by
 * itself, one of which could be taken while a server takes its time to start.
 */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const first = randomInt(20_000, 32_000)
    const ports = Array.from({ length: count }, (_, index) => first + index)
    if ((await Promise.all(ports.map(isFree))).every((free) => free)) return first
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

function keepTail(child: ChildProcess): () => string {
  let tail = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-4000)
    })
  }
  return () => tail
}

/** To the whole group: a recipe's script may stand between. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid, name)
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false // Nobody listens yet.
  }
}
