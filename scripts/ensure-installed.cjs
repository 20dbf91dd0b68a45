'use strict'
// Runs before every npm script, on whatever Node.js the machine has (20 or later): a fresh clone installs by itself.
const { spawnSync } = require('node:child_process')
const { statSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '..')

/** When a file was last written, in milliseconds; 0 when it is not there. */
function writtenAt(...path) {
  try {
    return statSync(join(root, ...path)).mtimeMs
  } catch {
    return 0
  }
}

const major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  console.error(`Daypass needs Node.js 20 or later to install itself; this is ${process.version}.`)
  process.exit(1)
}

// npm writes the second file at the end of each install.
if (writtenAt('package-lock.json') > writtenAt('node_modules', '.package-lock.json')) {
  console.error('Installing the packages that Daypass needs (once, under a minute on a fast network) …')
  const npm = process.env.npm_execpath
  const [command, ...args] = npm ? [process.execPath, npm] : ['npm']
  const install = [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync(command, install, { cwd: root, stdio: ['ignore', 2, 2], shell: !npm })
  if (status !== 0) {
    console.error('The packages could not be installed: see the lines above, then try again.')
    process.exit(status || 1)
  }
}
