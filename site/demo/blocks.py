"""What an editor can put into a page of the demo site."""

from wagtail import blocks

from wagtail_calendly.blocks import BookingBlock


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock()
    text = blocks.TextBlock()


class StepsBlock(blocks.StructBlock):
    heading = blocks.CharBlock()
    steps = blocks.ListBlock(StepBlock())

    class Meta:
        icon = "list-ol"
        template = "demo/blocks/steps.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock()
    name = blocks.CharBlock()
    role = blocks.CharBlock(required=False)

    class Meta:
        icon = "openquote"
        template = "demo/blocks/quote.html"


class ContentBlock(blocks.StreamBlock):
    text = blocks.RichTextBlock(
        features=["h2", "h3", "bold", "italic", "link", "ol", "ul"],
        template="demo/blocks/text.html",
    )
    steps = StepsBlock()
    quote = QuoteBlock()
    booking = BookingBlock()
