import { dialectOf } from '@daypass/core/store/entities/account.ts'

/** Whether a bucket, or whoever asks, is of a Ceph-style account, where Ceph's answers hold that differ from AWS's. */
export const followsCeph = ({ account }: { readonly account: string }): boolean => dialectOf(account) === 'ceph'
