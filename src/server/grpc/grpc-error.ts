import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type DecantError } from '../../errors.ts';
import { bodyOf, statusOf } from '../error-body.ts';

/** gRPC's codes for the HTTP statuses of errors. */
const CODES: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  404: status.NOT_FOUND,
  413: status.RESOURCE_EXHAUSTED,
  422: status.FAILED_PRECONDITION,
  503: status.UNAVAILABLE,
  504: status.DEADLINE_EXCEEDED,
};

export function grpcError(thrown: DecantError): ServiceError {
  const { error, remedy } = bodyOf(thrown);
  const details = remedy === undefined ? error : `${error}. ${remedy}`;
  return Object.assign(new Error(details), {
    code: CODES[statusOf(thrown)] ?? status.INTERNAL,
    details,
    metadata: new Metadata(),
  });
}
