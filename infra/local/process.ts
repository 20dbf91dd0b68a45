import { BootstrapError } from '@daypass/core/bootstrap/document.ts'
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
    const mendable =
      error instanceof SettingsError || error instanceof BootstrapError || error instanceof DataFolderError
    process.stderr.write(`${mendable ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  }
  await stopped
  await running.close()
  process.exit(0)
}
