/** The items of a report for what failed. */
import * as z from 'zod';
import { error, head, optional, text } from './values.ts';

export const failedImage = z
  .object({
    ...head,
    image: optional(
      z.object({ reference: text }),
      'the image as the user wrote it, in `reference`; absent if the error is about no single one, such as an invalid command line',
    ),
    error: error.describe('why it failed, or was not started'),
  })
  .meta({ id: 'failedImage', title: 'An image that failed' });

export const failedSource = z
  .object({
    ...head,
    source: optional(
      text,
      'the image or file as the user wrote it; absent if the command line itself is invalid',
    ),
    error: error.describe('why it failed, or was not started'),
  })
  .meta({ id: 'failedSource', title: 'A source that failed' });
