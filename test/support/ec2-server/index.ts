import type { IncomingMessage, ServerResponse } from 'node:http';
import { startLoopbackServer } from '../http-file-server/loopback-server.ts';
import { ACTIONS } from './actions.ts';
import { Cloud, type CloudOptions } from './cloud.ts';
import { Ec2Fault, notAllowed, type Trouble } from './ec2-fault.ts';
import { Params } from './params.ts';
import { getProducts, pricingRequest, type PriceList } from './pricing.ts';
import { xml } from './xml.ts';

export interface Ec2ServerOptions extends CloudOptions, PriceList {
  /** Refuses requests that are signed with another access key. */
  readonly accessKey?: string;
}

export interface AskedAction {
  readonly action: string;
  readonly params: Params;
  readonly dryRun: boolean;
}

/** A point in the course of requests. */
export interface Moment {
  /** From 1, over all requests. */
  readonly request: number;
  readonly action: string;
  readonly when: 'before' | 'after';
}

type Look = (moment: Moment) => Promise<'unheard' | 'heard'>;

/**
 * A small EC2: instant fleets with launch templates, over subnets in zones with room for so many hosts,
 * instances with tags, their end, dry runs, rights. Speaks EC2's Query protocol; signatures are not verified. The
 * Price List service is at the same address.
 */
export interface Ec2Server {
  readonly url: string;
  readonly cloud: Cloud;
  /** What was asked, oldest first. */
  readonly asked: AskedAction[];
  /** What goes wrong with the next requests of an action. */
  trouble(action: string, trouble: Trouble): void;
  /**
   * Called before each request is carried out, and after that, before it is answered. What comes of it:
   * `unheard` before, and the request is not carried out.
   */
  watch(look: Look): void;
  close(): Promise<void>;
}

export async function startEc2(options: Ec2ServerOptions): Promise<Ec2Server> {
  const cloud = new Cloud(options);
  const asked: AskedAction[] = [];
  const troubles = new Map<string, Trouble[]>();
  let look: Look = () => Promise.resolve('heard');
  const server = await startLoopbackServer(async (request, response) => {
    const body = await bodyOf(request);
    const pricing = pricingRequest(request, body);
    const params = pricing?.params ?? Params.of(body);
    const action = pricing?.action ?? params.get('Action') ?? '';
    const dryRun = params.get('DryRun') === 'true';
    asked.push({ action, params, dryRun });
    const moment = { request: asked.length, action };
    if ((await look({ ...moment, when: 'before' })) === 'unheard') return void response.destroy();
    const trouble = take(troubles.get(action) ?? []);
    if (trouble?.kind === 'held') await trouble.until;
    if (trouble?.kind === 'lost-request') return void response.destroy();
    try {
      if (trouble?.kind === 'error') {
        const { code, message = code, status = 503 } = trouble;
        throw new Ec2Fault(code, message, status);
      }
      const qualified = `${pricing === null ? 'ec2' : 'pricing'}:${action}`;
      checkCaller(request, options, action, qualified);
      const region = regionOf(request);
      const refused = cloud.guard.request(qualified, params, region);
      if (refused !== null) throw refused;
      if (pricing !== null) return sendJson(response, 200, getProducts(options, params));
      const answer = dryRun ? wouldSucceed() : carryOut(cloud, action, params, region);
      await look({ ...moment, when: 'after' });
      if (trouble?.kind === 'lost-answer') return void response.destroy();
      const text = `<${action}Response>${answer}</${action}Response>`;
      send(response, 200, trouble?.kind === 'changed-answer' ? trouble.change(text) : text);
    } catch (error) {
      if (!(error instanceof Ec2Fault)) throw error;
      if (pricing !== null) return sendJson(response, 400, { __type: error.code, Message: error.message });
      const inside = xml({
        Errors: { Error: { Code: error.code, Message: error.message } },
        RequestID: 'r-1',
      });
      send(response, error.status, `<Response>${inside}</Response>`);
    }
  });
  return {
    url: server.url,
    cloud,
    asked,
    trouble: (action, trouble) => {
      const list = troubles.get(action) ?? [];
      for (let at = 0; at < (trouble.times ?? 1); at += 1) list.push(trouble);
      troubles.set(action, list);
    },
    watch: (next) => {
      look = next;
    },
    close: () => server.close(),
  };
}

function carryOut(cloud: Cloud, action: string, params: Params, region: string): string {
  const act = ACTIONS[action];
  if (act === undefined) throw new Ec2Fault('InvalidAction', `The action ${action} is not valid`);
  return xml(act(cloud, params, region));
}

function wouldSucceed(): never {
  throw new Ec2Fault('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
}

function checkCaller(
  { headers }: IncomingMessage,
  { denied, accessKey }: Ec2ServerOptions,
  action: string,
  qualified: string,
): void {
  if (accessKey !== undefined && headers.authorization?.includes(`Credential=${accessKey}/`) !== true) {
    throw new Ec2Fault('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
  }
  if (denied?.includes(action) === true) throw notAllowed(qualified);
}

/** For which a request is signed. */
function regionOf({ headers }: IncomingMessage): string {
  return (
    /Credential=[^/]+\/\d+\/(?<region>[^/]+)\//u.exec(headers.authorization ?? '')?.groups?.['region'] ?? ''
  );
}

function take(list: Trouble[]): Trouble | undefined {
  return list.shift();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, { 'content-type': 'text/xml;charset=UTF-8' })
    .end(`<?xml version="1.0"?>\n${body}`);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}
