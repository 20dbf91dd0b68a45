/** An OpenID provider that issues tokens to everyone, so that its name and an audience prove no particular holder. */
export interface SharedIssuer {
  readonly service: string
  /** Tells by the issuer's URL without scheme, in lower case. */
  readonly matches: (issuer: string) => boolean
  /** Claims that tell one holder, or one tenant of the service, from another. */
  readonly claims: ReadonlySet<string>
}

function host(...names: readonly string[]) {
  const prefixes = names.map((name) => `${name}/`)
  return (issuer: string) => names.includes(issuer) || prefixes.some((prefix) => issuer.startsWith(prefix))
}

const shared = (service: string, matches: SharedIssuer['matches'], ...claims: readonly string[]): SharedIssuer => ({
  service,
  matches,
  claims: new Set(['sub', ...claims]),
})

/**
 * The list is kept by hand: AWS's "identity-provider controls for shared OIDC providers", and the services whose own
 * documentation says which claims tell tenants apart. Names are compared in lower case.
 */
const SHARED_ISSUERS: readonly SharedIssuer[] = [
  shared(
    'GitHub Actions',
    host('token.actions.githubusercontent.com', 'vstoken.actions.githubusercontent.com'),
    'repository',
    'repository_id',
    'repository_owner',
    'repository_owner_id',
    'job_workflow_ref',
    'workflow_ref',
    'enterprise',
    'enterprise_id',
  ),
  shared('GitHub audit log streaming', host('oidc-configuration.audit-log.githubusercontent.com')),
  shared(
    'GitLab.com',
    host('gitlab.com'),
    'project_path',
    'project_id',
    'namespace_path',
    'namespace_id',
    'user_login',
    'user_id',
    'user_email',
  ),
  shared('Google', host('accounts.google.com'), 'email', 'hd'),
  shared(
    'Bitbucket Pipelines',
    host('api.bitbucket.org'),
    'workspaceuuid',
    'repositoryuuid',
    'deploymentenvironmentuuid',
  ),
  shared(
    'Buildkite',
    host('agent.buildkite.com'),
    'organization_slug',
    'organization_id',
    'pipeline_slug',
    'pipeline_id',
    'cluster_id',
  ),
  // The organisation is a part of CircleCI's issuer, but not of every project in it.
  shared('CircleCI', host('oidc.circleci.com'), 'oidc.circleci.com/project-id', 'oidc.circleci.com/context-ids'),
  shared(
    'HCP Terraform',
    host('app.terraform.io', 'app.eu.terraform.io'),
    'terraform_organization_id',
    'terraform_organization_name',
    'terraform_project_id',
    'terraform_workspace_id',
  ),
  shared('Azure DevOps', host('vstoken.dev.azure.com'), 'org_id', 'prj_id', 'rpo_id'),
  shared(
    'Microsoft Entra, personal and all tenants',
    host(
      'login.microsoftonline.com/common',
      'login.microsoftonline.com/consumers',
      'login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad',
    ),
    'oid',
    'tid',
  ),
  shared('Microsoft Sentinel', host('sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d')),
  shared('Amazon Cognito', host('cognito-identity.amazonaws.com'), 'aud'),
  shared('Codefresh', host('oidc.codefresh.io'), 'account_id', 'account_name', 'pipeline_id'),
  shared('DVC Studio', host('studio.datachain.ai', 'studio.iterative.ai')),
  shared('Pulumi Cloud', host('api.pulumi.com'), 'aud'),
  shared('sandboxes.cloud', host('sandboxes.cloud'), 'aud'),
  shared('Scalr', host('scalr.io')),
  shared('Shisho Cloud', host('tokens.cloud.shisho.dev')),
  shared('Upbound', host('proidc.upbound.io')),
  shared('Vercel', host('oidc.vercel.com'), 'aud', 'owner', 'owner_id', 'project', 'project_id'),
  shared('Fly.io', host('oidc.fly.io'), 'app_id', 'app_name', 'org_id', 'org_name'),
  shared('Depot', host('identity.depot.dev')),
  shared('Travis CI', host('api.travis-ci.com'), 'repo_id', 'repo_name'),
  shared('Sigstore', host('oauth2.sigstore.dev'), 'email'),
]

/** Finds the shared issuer that a provider's URL (without scheme) belongs to. */
export function findSharedIssuer(issuer: string): SharedIssuer | undefined {
  const folded = issuer.toLowerCase()
  return SHARED_ISSUERS.find(({ matches }) => matches(folded))
}
