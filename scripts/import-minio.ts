/**
 * Makes a bootstrap document of what `mc admin cluster iam export` wrote.
 *   npm run import:minio -- <export.zip> [<bootstrap.json>] [--account <id>] [--allow-wider-rights]
 * The document holds secrets: it is written anew, readable for its owner alone, beside the export unless said otherwise.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { BootstrapError } from '@daypass/core/bootstrap/document.ts'
import { parseBootstrap } from '@daypass/core/bootstrap/parse.ts'
import { convertExport, type Note } from '@daypass/core/minio-import/convert.ts'
import { MinioImportError } from '@daypass/core/minio-import/error.ts'
import { readMinioExport } from '@daypass/core/minio-import/export.ts'
import { isAccountId } from '@daypass/core/store/entities/account.ts'

const USAGE = 'Usage: npm run import:minio -- <export.zip> [<bootstrap.json>] [--account <id>] [--allow-wider-rights]'

/** What the operator can mend, in one sentence. */
class Refusal extends Error {}

async function main(args: readonly string[]): Promise<void> {
  const { archivePath, outputPath, account, allowWider } = readArguments(args)
  const archive = await readFile(archivePath).catch((cause: unknown) => {
    throw new Refusal(`${archivePath} cannot be read.`, { cause })
  })
  const { document, notes } = convertExport(readMinioExport(archive), account)
  const text = `${JSON.stringify(document, undefined, 2)}\n`
  parseBootstrap(text)
  tell(notes)
  if (notes.some(({ widens }) => widens) && !allowWider) {
    throw new Refusal(
      'Nothing was written: without the policies marked ! somebody may do more. Give --allow-wider-rights to go on.',
    )
  }
  await writeFile(outputPath, text, { mode: 0o600, flag: 'wx' }).catch((cause: unknown) => {
    throw new Refusal(`${outputPath} cannot be written, or is there already.`, { cause })
  })
  const { users = [], groups = [], policies = [] } = document.accounts[0] ?? {}
  console.log(`${users.length} users, ${groups.length} groups and ${policies.length} policies are in ${outputPath}.`)
  console.log(`It holds their secrets. Start with DAYPASS_BOOTSTRAP=${outputPath} npm run serve`)
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parse(args)
  const [archive, output] = positionals
  const account = values.account ?? '000000000000'
  if (archive === undefined || positionals.length > 2 || !isAccountId(account)) throw new Refusal(USAGE)
  // npm runs scripts in the package's folder; the paths are those of whoever typed them.
  const typedIn = process.env.INIT_CWD ?? process.cwd()
  const archivePath = resolve(typedIn, archive)
  const outputPath =
    output === undefined ? archivePath.replace(/(?:\.zip)?$/i, '.bootstrap.json') : resolve(typedIn, output)
  return { archivePath, outputPath, account, allowWider: values['allow-wider-rights'] ?? false }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { account: { type: 'string' }, 'allow-wider-rights': { type: 'boolean' } },
    })
  } catch (cause) {
    throw new Refusal(USAGE, { cause })
  }
}

function tell(notes: readonly Note[]): void {
  if (notes.length === 0) return
  console.error('Not carried over as it was:')
  for (const { what, why, widens } of notes) console.error(`${widens ? '!' : '-'} ${what} ${why}`)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const mendable = [Refusal, MinioImportError, BootstrapError].some((kind) => error instanceof kind)
  console.error(mendable && error instanceof Error ? error.message : error)
  process.exitCode = 1
}
