import type { ErrorCode } from '../errors.ts'

/** Limits are inclusive; text is counted in code points (Smithy: "the number of Unicode scalar values"). */
export interface StringShape {
  readonly type: 'string'
  readonly min?: number
  readonly max?: number
  /** As AWS writes it; it must match the whole value. */
  readonly pattern?: string
  readonly enum?: readonly string[]
  /** Never repeated in an answer or a log. */
  readonly sensitive?: boolean
  readonly format?: 'arn'
  /** The code with which a value longer than `max` is refused, when it is not ValidationError. */
  readonly tooLong?: ErrorCode
}

export interface IntegerShape {
  readonly type: 'integer'
  readonly min?: number
  readonly max?: number
}

export interface PlainShape {
  readonly type: 'boolean' | 'timestamp' | 'blob'
  readonly sensitive?: boolean
}

/** `members` maps each member's name to the name of its shape. */
export interface StructureShape {
  readonly type: 'structure'
  readonly members: Readonly<Record<string, string>>
  readonly required: readonly string[]
}

export interface ListShape {
  readonly type: 'list'
  readonly member: string
  readonly min?: number
  readonly max?: number
  /** Known to AWS, and never accepted here. */
  readonly refused?: boolean
}

export interface MapShape {
  readonly type: 'map'
  readonly key: string
  readonly value: string
  readonly min?: number
  readonly max?: number
}

export type Shape = StringShape | IntegerShape | PlainShape | StructureShape | ListShape | MapShape

export type Service = 'sts' | 'iam'

/** One operation of AWS's Query protocol as data: all that parsing its input and rendering its output needs. */
export interface OperationModel {
  readonly name: string
  readonly service: Service
  /** Names of structures in `shapes`; absent when the operation takes nothing, or answers without a Result element. */
  readonly input?: string
  readonly output?: string
  /** The errors that AWS declares, by code, with their HTTP status. */
  readonly errors: Readonly<Record<string, number>>
  readonly shapes: Readonly<Record<string, Shape>>
}
