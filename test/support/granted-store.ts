import type { Key, Store } from '@daypass/core/store/port.ts'
import { byAction, type FunctionGrants, type TableAction } from '../../infra/grants.ts'

/**
 * The store as a function's role has it in AWS: what its grants do not allow fails, as DynamoDB would refuse it. So a test
 * of an action is a test of its grants too.
 */
export function grantedStore(store: Store, { table }: FunctionGrants): Store {
  const statements = byAction(table)
  const check = (action: TableAction, ...partitions: readonly string[]) => {
    // One statement must allow the whole request.
    const granted = statements.some(
      ({ actions, kinds }) =>
        actions.includes(action) && partitions.every((pk) => kinds.some((kind) => pk.startsWith(`${kind}#`))),
    )
    if (!granted) throw new Error(`the grants do not allow ${action} on ${partitions.join(', ')}`)
  }
  const pkOf = ({ pk }: Key) => pk
  return {
    async get(key) {
      check('dynamodb:GetItem', key.pk)
      return store.get(key)
    },
    async getMany(keys) {
      check('dynamodb:BatchGetItem', ...keys.map(pkOf))
      return store.getMany(keys)
    },
    async put(item, options) {
      check('dynamodb:PutItem', item.pk)
      return store.put(item, options)
    },
    async update(key, changes, options) {
      check('dynamodb:UpdateItem', key.pk)
      return store.update(key, changes, options)
    },
    async remove(key, options) {
      check('dynamodb:DeleteItem', key.pk)
      return store.remove(key, options)
    },
    async query(pk, options) {
      check('dynamodb:Query', pk)
      return store.query(pk, options)
    },
    close: () => store.close(),
  }
}
