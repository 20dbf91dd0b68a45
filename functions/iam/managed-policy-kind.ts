import {
  type ManagedPolicy,
  managedPolicyItem,
  parseManagedPolicy,
} from '@daypass/core/store/entities/managed-policy.ts'
import type { RowKind } from './row-kind.ts'

export const MANAGED_POLICY: RowKind<ManagedPolicy> = {
  id: 'policyId',
  parse: parseManagedPolicy,
  toItem: managedPolicyItem,
}
