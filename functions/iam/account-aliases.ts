import type {
  CreateAccountAliasRequest,
  DeleteAccountAliasRequest,
  ListAccountAliasesRequest,
  ListAccountAliasesResponse,
} from '@aws-sdk/client-iam'
import { StsError } from '@daypass/core/errors.ts'
import { createAccountAliasModel } from '@daypass/core/model/iam/create-account-alias.ts'
import { deleteAccountAliasModel } from '@daypass/core/model/iam/delete-account-alias.ts'
import { listAccountAliasesModel } from '@daypass/core/model/iam/list-account-aliases.ts'
import { accountAliasKey } from '@daypass/core/store/keys.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import { changeAccount, readAccount } from './account-row.ts'
import { type IamCall, iamOperation } from './call.ts'
import { pageOfList } from './pages.ts'

/** An account has one alias at most: a new one takes the place of the one before. Aliases are unique across accounts. */
export const createAccountAlias = iamOperation<CreateAccountAliasRequest, void>(
  createAccountAliasModel,
  async (call, { AccountAlias: alias = '' }) => {
    await call.demand('iam:CreateAccountAlias', '*')
    await claimAlias(call, alias)
    let former: string | undefined
    await changeAccount(call, (now) => {
      former = now.alias
      return { ...now, alias }
    })
    if (former !== undefined && former !== alias) await releaseAlias(call, former)
  },
)

export const deleteAccountAlias = iamOperation<DeleteAccountAliasRequest, void>(
  deleteAccountAliasModel,
  async (call, { AccountAlias: alias = '' }) => {
    await call.demand('iam:DeleteAccountAlias', '*')
    await changeAccount(call, (now) => {
      if (now.alias !== alias) throw new StsError('NoSuchEntity', `The Account Alias ${alias} cannot be found.`)
      const { alias: _deleted, ...rest } = now
      return rest
    })
    await releaseAlias(call, alias)
  },
)

export const listAccountAliases = iamOperation<ListAccountAliasesRequest, ListAccountAliasesResponse>(
  listAccountAliasesModel,
  async (call, input) => {
    await call.demand('iam:ListAccountAliases', '*')
    const { alias } = await readAccount(call)
    const { entities, ...rest } = pageOfList(alias === undefined ? [] : [alias], input)
    return { AccountAliases: [...entities], ...rest }
  },
)

/** One that is this account's already, left by a process that broke off, is claimed again. */
async function claimAlias({ store, account }: IamCall, alias: string): Promise<void> {
  const key = accountAliasKey(alias)
  try {
    await store.put({ ...key, account }, { condition: { exists: false } })
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
    if ((await store.get(key))?.account === account) return
    throw new StsError('EntityAlreadyExists', `The account alias ${alias} already exists.`)
  }
}

const releaseAlias = ({ store }: IamCall, alias: string): Promise<void> => store.remove(accountAliasKey(alias))
