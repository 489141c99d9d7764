/** Built-in protocol features and their digests, in the order in which nodeos knows them. */
const DIGESTS: Readonly<Record<string, string>> = {
  ONLY_LINK_TO_EXISTING_PERMISSION: '1a99a59d87e06e09ec5b028a9cbb7749b4a5ad8819004365d02dc4379a8b7241',
  REPLACE_DEFERRED: 'ef43112c6543b88db2283a2e077278c315ae2c84719a8b25f25cc88565fbea99',
  NO_DUPLICATE_DEFERRED_ID: '4a90c00d55454dc5b059055ca213579c6ea856967712a56017487886a4d4cc0f',
  FIX_LINKAUTH_RESTRICTION: 'e0fb64b1085cc5538970158d05a009c24e276fb94e1a0bf6a528b48fbc4ff526',
  DISALLOW_EMPTY_PRODUCER_SCHEDULE: '68dcaa34c0517d19666e6b33add67351d8c5f69e999ca1e37931bc410a297428',
  RESTRICT_ACTION_TO_SELF: 'ad9e3d8f650687709fd68f4b90b41f7d825a365b02c23a636cef88ac2ac00c43',
  ONLY_BILL_FIRST_AUTHORIZER: '8ba52fe7a3956c5cd3a656a3174b931d3bb2abb45578befc59f283ecd816a405',
  FORWARD_SETCODE: '2652f5f96006294109b3dd0bbde63693f55324af452b799ee137a81a905eed25',
  GET_SENDER: 'f0af56d2c5a48d60a4a5b5c903edfb7db3a736a94ed589d0b797df33ff9d3e1d',
  RAM_RESTRICTIONS: '4e7bf348da00a945489b2a681749eb56f5de00b900014e137ddae39f48f69d67',
  WEBAUTHN_KEY: '4fca8bd82bbd181e714e283f83e1b45d95ca5af40fb89ad3977b653c448f78c2',
  WTMSIG_BLOCK_SIGNATURES: '299dcb6af692324b899b39f16d5a530a33062804e41f09dc97e9f156b4476707',
  ACTION_RETURN_VALUE: 'c3a6138c5061cf291310887c0b5c71fcaffeab90d5deb50d3b9e687cead45071',
  BLOCKCHAIN_PARAMETERS: '5443fcf88330c586bc0e5f3dee10e7f63c76c00249c87fe4fbf7f38c082006b4',
  GET_CODE_HASH: 'bcd2a26394b36614fd4894241d3c451ab0f6fd110958c3423073621a70826e99',
  CONFIGURABLE_WASM_LIMITS2: 'd528b9f6e9693f45ed277af93474fd473ce7d831dae2180cca35d907bd10cb40',
  CRYPTO_PRIMITIVES: '6bcb40a24e49c26d0a60513b6aeb8551d264e4717f306b81a37a5afb3b47cedc',
  GET_BLOCK_NUM: '35c2186cc36f7bb4aeaf4487b36e57039ccf45a9136aa856a5d569ecca55ef2b',
  BLS_PRIMITIVES2: '63320dd4a58212e4d32d1f58926b73ca33a247326c2a5e9fd39268d2384e011a',
  DISABLE_DEFERRED_TRXS_STAGE_1: 'fce57d2331667353a0eac6b4209b67b843a7262a848af0a49a6e2fa9f6584eb4',
  DISABLE_DEFERRED_TRXS_STAGE_2: '09e86cb0accf8d81c9e85d34bea4b925ae936626d00c984e4691186891f5bc16',
  SAVANNA: 'cbe0fafc8fcc6cc998395e9b6de6ebd94644467b1b4a97ec126005df07013c52',
  PREACTIVATE_FEATURE: '0ec7e080177b2c02b278d5088611686b49d739925a92d9bfcacd7fc6b74053bd',
};

/** Leap announces these first when it starts afresh. */
const FIRST_IN_LEAP = [
  'DISABLE_DEFERRED_TRXS_STAGE_1',
  'DISABLE_DEFERRED_TRXS_STAGE_2',
  'BLS_PRIMITIVES2',
  'GET_BLOCK_NUM',
  'CRYPTO_PRIMITIVES',
  'GET_CODE_HASH',
  'BLOCKCHAIN_PARAMETERS',
  'CONFIGURABLE_WASM_LIMITS2',
  'ACTION_RETURN_VALUE',
  'PREACTIVATE_FEATURE',
];

/** A feature is named after those that it depends on. */
const DEPENDS_ON: Readonly<Record<string, string>> = {
  DISABLE_DEFERRED_TRXS_STAGE_2: 'DISABLE_DEFERRED_TRXS_STAGE_1',
  NO_DUPLICATE_DEFERRED_ID: 'REPLACE_DEFERRED',
};

export interface ProtocolFeature {
  readonly name: string;
  readonly digest: string;
  /** Activation needs a pre-activation; all but the first feature do. */
  readonly preactivation: boolean;
}

/** All features of a product, in the order in which a first start announces them. */
export function protocolFeatures(product: 'leap' | 'spring'): ProtocolFeature[] {
  const known = Object.keys(DIGESTS);
  const names =
    product === 'spring'
      ? known
      : [...FIRST_IN_LEAP, ...known.filter((name) => !FIRST_IN_LEAP.includes(name) && name !== 'SAVANNA')];
  return names.map((name) => ({
    name,
    digest: DIGESTS[name] ?? '',
    preactivation: name !== 'PREACTIVATE_FEATURE',
  }));
}

/**
 * The same, in the order of a start that finds them described in its folder: by digest, each after what it
 * needs; Savanna, which needs most of them, last.
 */
export function byDigest(features: readonly ProtocolFeature[]): ProtocolFeature[] {
  const ordered: ProtocolFeature[] = [];
  const add = (feature: ProtocolFeature | undefined): void => {
    if (feature === undefined || ordered.includes(feature)) return;
    add(features.find((other) => other.name === DEPENDS_ON[feature.name]));
    ordered.push(feature);
  };
  const isSavanna = ({ name }: ProtocolFeature): boolean => name === 'SAVANNA';
  const sorted = features.toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
  for (const feature of sorted.filter((each) => !isSavanna(each))) add(feature);
  for (const feature of sorted.filter(isSavanna)) add(feature);
  return ordered;
}
