/** Rendered resources: one frame as a picture (PS3.18 10.4.1.1.3, 8.7.4). */
import { UID } from '../dataset/uids.ts';
import { textResponse, type HttpField, type HttpResponse } from '../../http/message.ts';
import { parseAccept } from '../../http/media-type.ts';
import { isProblem } from '../../http/parse-head.ts';
import type { ArchivePort } from './archive-port.ts';
import { encodeJpeg } from './encode-jpeg.ts';
import { encodePng } from './encode-png.ts';
import { framesOf } from './frames.ts';
import { fitViewport, renderFrame } from './render-frame.ts';
import { parseRenderedParameters } from './rendered-parameters.ts';
import { referenceUrl, type Reference } from './resource.ts';
import { noFrames, notFound } from './retrieve.ts';
import type { ServiceContext } from './service-options.ts';

const RENDERABLE: ReadonlySet<string> = new Set([
	UID.LittleEndianImplicit,
	UID.LittleEndianExplicit,
	UID.BigEndianExplicit,
	UID.DeflatedLittleEndianExplicit,
]);

/** A frame as image/jpeg, which is the default, or image/png. */
export function retrieveRendered(
	archive: ArchivePort,
	reference: Reference,
	frameNumber: number,
	context: ServiceContext,
): HttpResponse {
	const [instance] = archive.instances(reference);
	if (!instance) return textResponse(notFound(reference));
	const parameters = parseRenderedParameters(context.query);
	if (isProblem(parameters)) return textResponse(parameters);
	const mediaType = pictureType(context.accept);
	if (mediaType === undefined) {
		return textResponse({ status: 406, text: 'Rendered images are image/jpeg or image/png.' });
	}
	const { dataSet, transferSyntax } = instance;
	const found = framesOf(dataSet, transferSyntax);
	if (!found) return textResponse(noFrames(instance));
	const frame = found.frames[frameNumber - 1];
	if (!frame) {
		return textResponse({
			status: 404,
			text: `There is no frame ${frameNumber}: the image has ${found.frames.length}.`,
		});
	}
	const [pixels] = frame;
	const picture =
		pixels && RENDERABLE.has(transferSyntax)
			? renderFrame(dataSet, pixels, parameters.window)
			: undefined;
	if (!picture) {
		return textResponse({
			status: 406,
			text: 'This image cannot be rendered here: it is compressed, or of an unknown colour space.',
		});
	}
	const shown = parameters.viewport ? fitViewport(picture, parameters.viewport) : picture;
	if (!shown) {
		return textResponse({
			status: 400,
			text: `The region of viewport is not inside the image of ${picture.width} x ${picture.height}.`,
		});
	}
	const body = mediaType === 'image/png' ? encodePng(shown) : encodeJpeg(shown, parameters.quality);
	const location = `${referenceUrl(context.serviceUri, reference)}/frames/${frameNumber}/rendered`;
	const warnings = parameters.unsupported.map((text): HttpField => [
		'Warning',
		`299 ${context.serviceUri}: ${text}`,
	]);
	return {
		status: 200,
		fields: [['Content-Type', mediaType], ['Content-Location', location], ...warnings],
		body,
	};
}

function pictureType(accept: string | undefined): 'image/jpeg' | 'image/png' | undefined {
	const accepted = parseAccept(accept ?? '*/*') ?? [];
	for (const { essence, weight } of accepted) {
		if (weight === 0) continue;
		if (essence === 'image/png') return essence;
		if (['image/jpeg', 'image/*', '*/*'].includes(essence)) return 'image/jpeg';
	}
	return undefined;
}
