import { Fields } from '@daypass/core/store/entities/fields.ts'
import type { ManagedPolicy, PolicyVersion } from '@daypass/core/store/entities/managed-policy.ts'
import { policyVersionKey } from '@daypass/core/store/keys.ts'
import type { IamCall } from './call.ts'

/** The text of one version; `undefined` when the version went in between. */
export async function textOf(
  { store }: IamCall,
  { account, policyId, defaultVersionId, document }: ManagedPolicy,
  { versionId, textId }: PolicyVersion,
): Promise<string | undefined> {
  if (versionId === defaultVersionId) return document
  const item = textId === undefined ? undefined : await store.get(policyVersionKey(account, policyId, textId))
  return item && new Fields(item).text('document')
}

/** Keeps a text for a version that is not, or no longer, the default one. A row never changes. */
export async function keepText(
  { store }: IamCall,
  { account, policyId }: ManagedPolicy,
  textId: string,
  document: string,
): Promise<void> {
  await store.put({ ...policyVersionKey(account, policyId, textId), document })
}

export async function dropTexts(
  { store }: IamCall,
  { account, policyId }: ManagedPolicy,
  textIds: readonly string[],
): Promise<void> {
  for (const textId of textIds) await store.remove(policyVersionKey(account, policyId, textId))
}

/** All texts that a policy names. */
export const textIds = ({ versions }: ManagedPolicy): readonly string[] =>
  versions.flatMap(({ textId }) => (textId === undefined ? [] : [textId]))
