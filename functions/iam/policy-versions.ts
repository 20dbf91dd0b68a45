import { randomUUID } from 'node:crypto'
import type {
  PolicyVersion as ApiPolicyVersion,
  CreatePolicyVersionRequest,
  CreatePolicyVersionResponse,
  DeletePolicyVersionRequest,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  ListPolicyVersionsRequest,
  ListPolicyVersionsResponse,
  SetDefaultPolicyVersionRequest,
} from '@aws-sdk/client-iam'
import { StsError } from '@daypass/core/errors.ts'
import { createPolicyVersionModel } from '@daypass/core/model/iam/create-policy-version.ts'
import { deletePolicyVersionModel } from '@daypass/core/model/iam/delete-policy-version.ts'
import { getPolicyVersionModel } from '@daypass/core/model/iam/get-policy-version.ts'
import { listPolicyVersionsModel } from '@daypass/core/model/iam/list-policy-versions.ts'
import { setDefaultPolicyVersionModel } from '@daypass/core/model/iam/set-default-policy-version.ts'
import { parsePolicy } from '@daypass/core/policy/parse.ts'
import type { ManagedPolicy, PolicyVersion } from '@daypass/core/store/entities/managed-policy.ts'
import { type IamCall, iamOperation } from './call.ts'
import { changeItem } from './change-item.ts'
import { limitExceeded } from './errors.ts'
import { allowedPolicy, changeablePolicy } from './known-policy.ts'
import { MANAGED_POLICY } from './managed-policy-kind.ts'
import { pageOfList } from './pages.ts'
import { documentSize, encodedDocument } from './policy-document.ts'
import { dropTexts, keepText, textIds, textOf } from './policy-version-texts.ts'

const MOST_VERSIONS = 5
/** Characters without white space (IAM User Guide, "IAM and AWS STS quotas"). */
const LARGEST_POLICY = 6144

/** Refuses (MalformedPolicyDocument, LimitExceeded) what cannot be a managed policy of the account. */
export function checkManagedPolicy({ dialect }: IamCall, text: string): void {
  parsePolicy(text, { kind: 'identity', dialect, ...(dialect === 'aws' ? { minimumVersion: '2012-10-17' } : {}) })
  if (documentSize(text) > LARGEST_POLICY) throw limitExceeded('PolicySize', LARGEST_POLICY)
}

export const createPolicyVersion = iamOperation<CreatePolicyVersionRequest, CreatePolicyVersionResponse>(
  createPolicyVersionModel,
  async (call, { PolicyArn: arn = '', PolicyDocument: document = '', SetAsDefault: asDefault = false }) => {
    const allowed = await changeablePolicy(call, 'iam:CreatePolicyVersion', arn)
    checkManagedPolicy(call, document)
    const policy = await changeVersions(call, allowed, async (now, keep) => {
      if (now.versions.length >= MOST_VERSIONS) throw tooManyVersions()
      const latestVersion = now.latestVersion + 1
      const added = { versionId: `v${latestVersion}`, createdAt: call.now }
      if (asDefault) {
        const versions = [...demoted(now, await keep(now.document)), added]
        return { ...now, versions, defaultVersionId: added.versionId, document, latestVersion }
      }
      return { ...now, versions: [...now.versions, { ...added, textId: await keep(document) }], latestVersion }
    })
    const created = policy.versions.at(-1)
    return { PolicyVersion: created && apiVersion(policy, created) }
  },
)

export const getPolicyVersion = iamOperation<GetPolicyVersionRequest, GetPolicyVersionResponse>(
  getPolicyVersionModel,
  async (call, { PolicyArn: arn = '', VersionId: versionId = '' }) => {
    const policy = await allowedPolicy(call, 'iam:GetPolicyVersion', arn)
    const version = policy.versions.find((each) => each.versionId === versionId)
    const text = version && (await textOf(call, policy, version))
    if (!version || text === undefined) throw noSuchVersion(arn, versionId)
    return { PolicyVersion: { ...apiVersion(policy, version), Document: encodedDocument(text) } }
  },
)

export const listPolicyVersions = iamOperation<ListPolicyVersionsRequest, ListPolicyVersionsResponse>(
  listPolicyVersionsModel,
  async (call, { PolicyArn: arn = '', ...page }) => {
    const policy = await allowedPolicy(call, 'iam:ListPolicyVersions', arn)
    const { entities, ...rest } = pageOfList([...policy.versions].reverse(), page)
    return { Versions: entities.map((version) => apiVersion(policy, version)), ...rest }
  },
)

export const setDefaultPolicyVersion = iamOperation<SetDefaultPolicyVersionRequest, void>(
  setDefaultPolicyVersionModel,
  async (call, { PolicyArn: arn = '', VersionId: versionId = '' }) => {
    const allowed = await changeablePolicy(call, 'iam:SetDefaultPolicyVersion', arn)
    await changeVersions(call, allowed, async (now, keep) => {
      const version = now.versions.find((each) => each.versionId === versionId)
      const text = version && (await textOf(call, now, version))
      if (text === undefined) throw noSuchVersion(arn, versionId)
      if (versionId === now.defaultVersionId) return now
      return { ...now, versions: demoted(now, await keep(now.document)), defaultVersionId: versionId, document: text }
    })
  },
)

export const deletePolicyVersion = iamOperation<DeletePolicyVersionRequest, void>(
  deletePolicyVersionModel,
  async (call, { PolicyArn: arn = '', VersionId: versionId = '' }) => {
    const allowed = await changeablePolicy(call, 'iam:DeletePolicyVersion', arn)
    await changeVersions(call, allowed, async (now) => {
      if (versionId === now.defaultVersionId) {
        throw new StsError('DeleteConflict', 'Cannot delete the default version of a policy.')
      }
      const versions = now.versions.filter((each) => each.versionId !== versionId)
      if (versions.length === now.versions.length) throw noSuchVersion(arn, versionId)
      return { ...now, versions }
    })
  },
)

/** Changes a policy's versions. Texts that lie apart go when the policy no longer names them. */
async function changeVersions(
  call: IamCall,
  allowed: ManagedPolicy,
  change: (now: ManagedPolicy, keep: (text: string) => Promise<string>) => Promise<ManagedPolicy>,
): Promise<ManagedPolicy> {
  const kept: string[] = []
  const keep = async (text: string) => {
    const textId = randomUUID()
    await keepText(call, allowed, textId, text)
    kept.push(textId)
    return textId
  }
  let before = allowed
  try {
    const after = await changeItem(call.store, MANAGED_POLICY, allowed, (now) => {
      before = now
      return change(now, keep)
    })
    const named = new Set(textIds(after))
    await dropTexts(
      call,
      allowed,
      [...kept, ...textIds(before)].filter((textId) => !named.has(textId)),
    )
    return after
  } catch (error) {
    // Only a refusal proves that nothing was written; a store that failed may have taken the write.
    if (error instanceof StsError) await dropTexts(call, allowed, kept)
    throw error
  }
}

/** The versions with the text of the default one, which is about to be the policy's own no more, kept apart. */
const demoted = ({ versions, defaultVersionId }: ManagedPolicy, textId: string): readonly PolicyVersion[] =>
  versions.map((version) => (version.versionId === defaultVersionId ? { ...version, textId } : version))

const apiVersion = (
  { defaultVersionId }: ManagedPolicy,
  { versionId, createdAt }: PolicyVersion,
): ApiPolicyVersion => ({
  VersionId: versionId,
  IsDefaultVersion: versionId === defaultVersionId,
  CreateDate: new Date(createdAt * 1000),
})

const noSuchVersion = (arn: string, versionId: string) =>
  new StsError('NoSuchEntity', `Policy ${arn} version ${versionId} does not exist or is not attachable.`)

const tooManyVersions = () =>
  new StsError(
    'LimitExceeded',
    `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
  )
