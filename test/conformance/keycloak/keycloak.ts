import { freePort, install, type Part, recipe, startPart } from '../shared/part.ts'

export interface Keycloak extends Part {
  /** Of the realm `demo`. */
  readonly issuer: string
}

/** Starts Keycloak with the recipe's realm, which is fresh with every start, and waits until the realm answers. */
export async function startKeycloak(): Promise<Keycloak> {
  await install('keycloak')
  const { script, folder } = recipe('keycloak')
  const port = await freePort(2) // Keycloak takes the next one too, for its management.
  const issuer = `http://localhost:${port}/auth/realms/demo`
  const { stop } = await startPart('bash', [script, folder, String(port)], `${issuer}/.well-known/openid-configuration`)
  return { issuer, stop }
}
