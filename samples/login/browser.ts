import { spawn } from 'node:child_process'

/** Opens the user's browser where there is one; where not, the URL in the terminal is enough. No shell sees the URL. */
export function openBrowser(target: URL): void {
  const [command, ...args] = opener()
  const child = spawn(command, [...args, target.href], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}

function opener(): readonly [string, ...string[]] {
  if (process.platform === 'darwin') return ['open']
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return ['xdg-open']
}
