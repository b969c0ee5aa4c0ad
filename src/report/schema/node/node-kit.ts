/** The report of `node-kit`: an object, because a kit is of several images. */
import * as z from 'zod';
import { head, image, profileName, text } from '../values.ts';

export const kitCertificate = z
  .object({
    subject: text.describe('subject of the certificate'),
    vouchesFor: z
      .enum(['layers', 'the policy', 'layers and the policy'])
      .describe('what the kernel checks with it'),
    path: text.describe('its file in the kit, DER'),
  })
  .meta({ id: 'kitCertificate', title: 'A certificate for a keyring' });

export const nodeKitReport = z
  .object({
    ...head,
    folder: text.describe('path of the kit'),
    policy: z.object({ name: text, version: text }).describe('`name` and `version` of the IPE policy'),
    images: z.array(image).describe('the images, in the order of the input'),
    profile: profileName.describe('the profile of the node'),
    certificates: z.array(kitCertificate).describe('the certificates that the kernel needs'),
    files: z.array(text).describe('the files of the kit, sorted'),
  })
  .meta({ id: 'nodeKitReport', title: 'A node kit' });
