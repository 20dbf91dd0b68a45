import type {
  ContextEntry,
  EvaluationResult,
  PolicyEvaluationDecisionType,
  ResourceSpecificResult,
  Statement,
} from '@aws-sdk/client-iam'
import { parseArn } from '@daypass/core/arn.ts'
import { StsError } from '@daypass/core/errors.ts'
import { joinContexts, mapContext } from '@daypass/core/policy/context.ts'
import type { MatchedStatement, NamedPolicy, PolicySet } from '@daypass/core/policy/decide.ts'
import type { ParsedPolicy, PolicyKind } from '@daypass/core/policy/document.ts'
import { type Explanation, explain } from '@daypass/core/policy/explain.ts'
import { parsePolicy } from '@daypass/core/policy/parse.ts'
import type { ConditionContext } from '@daypass/core/policy/types.ts'
import { dialectOf } from '@daypass/core/store/entities/account.ts'
import type { SimulatedCaller } from './simulate-caller.ts'
import { statementSpans, type TextSpan } from './simulate-positions.ts'
import type { SimulatedPolicy } from './simulate-sources.ts'

/** What is asked of the policies, each action on each resource. */
export interface Simulation {
  /** Whose policies they are. */
  readonly account: string
  readonly identity: readonly SimulatedPolicy[]
  readonly boundary?: SimulatedPolicy
  readonly resourcePolicy?: SimulatedPolicy
  readonly caller: SimulatedCaller
  readonly contextEntries: readonly ContextEntry[]
  /** Whose resources are that do not tell it in their ARN. */
  readonly resourceOwner: string
  /** Whether the caller named resources: answers then tell of each of them. */
  readonly named: boolean
}

export interface SimulatedAccess {
  readonly action: string
  readonly resource: string
}

interface Source {
  readonly id: string
  readonly spans: readonly TextSpan[]
}

const DECISIONS = { allow: 'allowed', explicitDeny: 'explicitDeny', implicitDeny: 'implicitDeny' } as const

/** Makes a simulation ready: policies are read once. The answer to each access is what the engine itself decides. */
export function prepareSimulation(simulation: Simulation): (access: SimulatedAccess) => EvaluationResult {
  const { account, caller, named } = simulation
  const sources = new Map<string, Source>()
  const read =
    (kind: PolicyKind, owner: string) =>
    (source: SimulatedPolicy, index: number): NamedPolicy => {
      const name = `${kind} ${index}`
      const policy = parseSimulated(source, kind, owner)
      sources.set(name, { id: source.id, spans: statementSpans(source.document) })
      return { name, policy }
    }
  const { boundary, resourcePolicy } = simulation
  const policies: PolicySet = {
    identity: simulation.identity.map(read('identity', account)),
    ...(boundary ? { boundary: read('boundary', account)(boundary, 0) } : {}),
    ...(resourcePolicy ? { resource: read('resource', simulation.resourceOwner)(resourcePolicy, 0) } : {}),
  }
  const context = simulatedContext(simulation)
  return ({ action, resource }) => {
    const owner = parseArn(resource)?.account || simulation.resourceOwner
    const request = {
      principal: caller.principal,
      action,
      resource,
      context,
      // Without its policy the resource's account has no say: the simulation is of the identity's policies then.
      ...(resourcePolicy ? { resourceAccount: owner } : {}),
    }
    const explanation = explain(request, policies)
    const told = {
      MatchedStatements: matchedStatements(explanation, sources),
      MissingContextValues: [...explanation.missingContextKeys],
      ...(boundary
        ? { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: allows('boundary', explanation) } }
        : {}),
      ...(named ? { EvalDecisionDetails: decisionDetails(explanation, owner, simulation) } : {}),
    }
    const decision = DECISIONS[explanation.outcome]
    const specific: ResourceSpecificResult = { EvalResourceName: resource, EvalResourceDecision: decision, ...told }
    return {
      EvalActionName: action,
      EvalResourceName: resource,
      EvalDecision: decision,
      ...told,
      ...(named ? { ResourceSpecificResults: [specific] } : {}),
    }
  }
}

/** Throws InvalidInput, which names the policy: the API's simulators know no MalformedPolicyDocument. */
export function parseSimulated({ id, document }: SimulatedPolicy, kind: PolicyKind, owner: string): ParsedPolicy {
  try {
    return parsePolicy(document, { kind, dialect: dialectOf(owner) })
  } catch (error) {
    if (!(error instanceof StsError)) throw error
    throw new StsError('InvalidInput', `${id} is not valid: ${error.message}`, { cause: error, detail: error.detail })
  }
}

/** What the caller of the simulator says comes first: any key may be tried out. */
function simulatedContext({ caller, contextEntries }: Simulation): ConditionContext {
  const entries = new Map<string, readonly string[]>()
  for (const { ContextKeyName: key, ContextKeyValues: values = [] } of contextEntries) {
    if (key === undefined) throw new StsError('InvalidInput', 'A context entry needs a ContextKeyName')
    entries.set(key, values)
  }
  return joinContexts(mapContext(entries), mapContext(caller.contextKeys))
}

/** Of an explicit deny AWS tells the denying statements alone. */
function matchedStatements({ outcome, matched }: Explanation, sources: ReadonlyMap<string, Source>): Statement[] {
  const told = outcome === 'explicitDeny' ? matched.filter(({ effect }) => effect === 'Deny') : matched
  return told.flatMap(({ layer, policy, statement }) => {
    const source = sources.get(policy)
    const span = source?.spans[statement]
    if (!source || !span) return []
    const { start, end } = span
    return [
      { SourcePolicyId: source.id, SourcePolicyType: SOURCE_TYPES[layer], StartPosition: start, EndPosition: end },
    ]
  })
}

/** AWS answers these, whatever its model's enumeration says. */
const SOURCE_TYPES: Readonly<Record<MatchedStatement['layer'], never>> = {
  identity: 'IAM Policy' as never,
  boundary: 'IAM Permissions Boundary Policy' as never,
  session: 'Session Policy' as never,
  resource: 'Resource Policy' as never,
}

const allows = (layer: MatchedStatement['layer'], { matched }: Explanation): boolean =>
  layerDecision(layer, matched) === 'allowed'

function layerDecision(layer: MatchedStatement['layer'], matched: readonly MatchedStatement[]) {
  const own = matched.filter((statement) => statement.layer === layer)
  if (own.some(({ effect }) => effect === 'Deny')) return 'explicitDeny'
  return own.length > 0 ? 'allowed' : 'implicitDeny'
}

/** Only across accounts both sides are told apart; inside one AWS answers an empty map. */
function decisionDetails(
  { matched }: Explanation,
  owner: string,
  { caller, resourcePolicy }: Simulation,
): Record<string, PolicyEvaluationDecisionType> {
  if (!resourcePolicy || owner === caller.principal.account) return {}
  return {
    'IAM Policy': layerDecision('identity', matched),
    'Resource Policy': layerDecision('resource', matched),
  }
}
