import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Terraform {
  /** `terraform` or `tofu`, found by PATH. */
  readonly program: string
  /** A folder that mirrors provider registries and has the AWS provider. */
  readonly providers: string
}

/**
 * Terraform or OpenTofu with the AWS provider, where a machine has them: nothing is downloaded, because providers come from
 * no package registry. Else a sentence that says what is missing.
 */
export async function findTerraform(env: NodeJS.ProcessEnv): Promise<Terraform | string> {
  const mirrors = [
    env.DAYPASS_TERRAFORM_PROVIDERS,
    env.TF_PLUGIN_CACHE_DIR,
    join(homedir(), '.terraform.d/plugins'),
    '/usr/local/share/terraform/plugins',
    '/opt/tf-plugins',
  ]
  const providers = mirrors.find((folder) => folder && existsSync(join(folder, 'registry.terraform.io/hashicorp/aws')))
  for (const program of ['terraform', 'tofu']) {
    try {
      await promisify(execFile)(program, ['version'], { env: { PATH: env.PATH } })
    } catch {
      continue
    }
    return providers === undefined
      ? 'no folder of providers has hashicorp/aws (DAYPASS_TERRAFORM_PROVIDERS names one)'
      : { program, providers }
  }
  return 'neither terraform nor tofu is here'
}
