import { BootstrapError } from '@daypass/core/bootstrap/document.ts'
import { StsError } from '@daypass/core/errors.ts'
import { DataFolderError } from '@daypass/core/store/embedded/data-folder.ts'
import { SettingsError } from './settings.ts'

/** Something that runs until it is closed. */
export interface Running {
  close(): Promise<void>
}

/** Runs until SIGTERM or SIGINT, then closes; a start that fails for a reason that the user can mend ends in one sentence. */
export async function runUntilSignal(start: () => Promise<Running>): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
  let running: Running
  try {
    running = await start()
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`)
    process.exit(1)
  }
  await stopped
  await running.close()
  process.exit(0)
}

/** One sentence for what the operator can mend; all that is known of anything else. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const mendable = [SettingsError, BootstrapError, DataFolderError, StsError].some((kind) => error instanceof kind)
  return mendable ? error.message : (error.stack ?? error.message)
}
