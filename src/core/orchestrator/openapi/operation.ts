import { WORKER_HEADER } from '../../protocol/full-record.ts';
import type { Right } from '../access/rights.ts';
import { INTEGER, oneOf, record, ref, STRING, type Schema } from '../../protocol/schemas/schema.ts';

export interface Parameter {
  name: string;
  in: 'query' | 'header';
  description: string;
  required?: boolean;
  schema: Schema;
}

interface MediaType {
  schema: Schema;
}

interface Response {
  description: string;
  headers?: Record<string, { description: string; schema: Schema }>;
  content?: Record<string, MediaType>;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { required: boolean; description?: string; content: Record<string, MediaType> };
  responses: Record<string, Response>;
  security: Record<string, string[]>[];
  /** The right that a caller needs; null: none. */
  'x-required-right': Right | null;
}

/** The operations of one path. HEAD is answered like GET, and has no operation of its own. */
export interface PathItem {
  get?: Operation;
  post?: Operation;
}
export type Paths = Record<string, PathItem>;

export interface OperationParts {
  id: string;
  tag: string;
  summary: string;
  description?: string;
  right: Right | null;
  /** Our own path: its errors are JSON for those who accept it. On the older ones they are text. */
  added?: boolean;
  parameters?: Parameter[];
  body?: { description?: string; content: Record<string, Schema> };
  /** What 200 carries, by media type. */
  answers?: Record<string, Schema>;
  headers?: Response['headers'];
  /** Other answers, by status. */
  others?: Record<string, Response>;
  /** What an error of this status means here. */
  errors?: Record<number, string>;
  /** What is not there is told to a browser by a page. */
  missingPage?: boolean;
}

const SECURITY: Record<string, string[]>[] = [{ bearer: [] }, { basic: [] }, { cookie: [] }];

/** What every request may be answered besides. */
const ALWAYS: Record<number, string> = {
  421: 'an orchestrator that runs open was asked under a foreign name',
  500: 'a defect of the orchestrator',
};
const GUARDED: Record<number, string> = {
  401: 'no token, or one that is wrong, expired or revoked',
  403: 'the right is missing, or a page of another site asks',
  429: 'too many wrong tokens from this address',
};
const GUARDED_PAGE: Record<number, string> = {
  303: 'a browser that has not signed in is sent to /signin',
};
const WITH_BODY: Record<number, string> = {
  400: 'the body is not what it should be; the message names the field',
  413: 'the body is too large',
  503: 'the change could not be written; nothing has changed',
};

export function operation(parts: OperationParts): Operation {
  const { id, tag, summary, description, right, added = false, parameters, body, answers, headers } = parts;
  const errors = {
    ...ALWAYS,
    ...(right === null ? {} : GUARDED),
    ...(right === null || body ? {} : GUARDED_PAGE),
    ...(body ? WITH_BODY : {}),
    ...parts.errors,
  };
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description ? { description } : {}),
    ...(parameters ? { parameters } : {}),
    ...(body
      ? {
          requestBody: {
            required: true,
            ...(body.description ? { description: body.description } : {}),
            content: contentOf(body.content),
          },
        }
      : {}),
    responses: {
      ...(answers
        ? { 200: { description: 'Done.', ...(headers ? { headers } : {}), content: contentOf(answers) } }
        : {}),
      ...parts.others,
      ...Object.fromEntries(
        Object.entries(errors).map(([status, meaning]) => [
          status,
          errorResponse(meaning, { json: added, page: parts.missingPage === true && status === '404' }),
        ]),
      ),
    },
    security: right === null ? [] : SECURITY,
    'x-required-right': right,
  };
}

function contentOf(schemas: Record<string, Schema>): Record<string, MediaType> {
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema }]));
}

function errorResponse(meaning: string, { json, page }: { json: boolean; page: boolean }): Response {
  const forms: Record<string, Schema> = {
    'text/plain': STRING,
    ...(json ? { 'application/json': ref('Error') } : {}),
    ...(page ? { 'text/html': STRING } : {}),
  };
  return {
    description: `${meaning[0]?.toUpperCase()}${meaning.slice(1)}.`,
    content: contentOf(forms),
  };
}

/** Content that is JSON and nothing else. */
export function json(schema: Schema): Record<string, Schema> {
  return { 'application/json': schema };
}

/** The answer to what was done, in a word. */
export function done(word: string): Schema {
  return record<{ status: string }>({ status: oneOf([word]) });
}

export function query(name: string, description: string, schema: Schema, required = false): Parameter {
  return { name, in: 'query', description, ...(required ? { required } : {}), schema };
}

export function header(name: string, description: string, schema: Schema = STRING): Parameter {
  return { name, in: 'header', description, schema };
}

export const WORKER: Parameter = header(WORKER_HEADER, 'How the worker names itself.');

export const RUN: Parameter = query('run', 'Number of a past run, as GET /runs lists it.', INTEGER);

export const ETAG = {
  ETag: { description: 'The version of the job; every change makes a new one.', schema: STRING },
};
