import type { JoinAnswer, JoinTokenAnswer } from '../join-record.ts';
import { INTEGER, nullable, record, STRING, type FieldsOf, type Schemas } from './schema.ts';

const GIVEN: FieldsOf<JoinAnswer> = {
  token: nullable(STRING),
  id: nullable(STRING),
  expires_at: nullable({ type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z$' }),
};

export const JOIN_SCHEMAS = {
  JoinAnswer: record<JoinAnswer>(GIVEN),
  JoinTokenAnswer: record<JoinTokenAnswer>({ ...GIVEN, uses: INTEGER }),
} satisfies Schemas;
