"""A `Reason` in words: one template a code, one way of writing each kind of value.

Analyses stay wordless, and screen, Excel, PDF and command line say the same thing.

To add a reason: add its template to SENTENCES; a value is written by its name (see `_write`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol

from colmado_insights.domain import Reason, moment_of
from colmado_insights.text.formats import (
    chance_words,
    clock,
    fluent,
    hour_label,
    in_ten,
    money,
    money_exact,
    month_name,
    number,
    percent,
    short_date,
    weekday_name,
    weekdays_name,
)
from colmado_insights.text.language import N_, _, ngettext
from colmado_insights.text.names import (
    arm_letter,
    bad_row_reason,
    basket_name,
    category_name,
    customer_method_name,
    customer_trait,
    daypart_name,
    goods_name,
    join_words,
    model_name,
    occasion_name,
    segment_name,
)

SENTENCES: dict[str, str] = {
    # what an answer of Grok failed
    "check_shape": N_("No tenía la forma que se le pidió."),
    "check_length": N_("La descripción o una idea era demasiado corta o demasiado larga."),
    "check_ideas": N_("No traía las ideas que se le pidieron, o las repetía."),
    "check_language": N_("No estaba en el idioma que se le pidió."),
    "check_numbers": N_("Decía números que no están en los datos."),
    "check_links": N_("Traía una dirección, un teléfono o un correo."),
    "check_markup": N_("Traía signos o dibujos que no van en un texto."),
    "check_echo": N_("Repetía lo que se le dijo, o algo que parecía una llave."),
    "check_promises": N_("Prometía o amenazaba con lo que nadie puede."),
    "check_vices": N_("Empujaba a una persona a beber o a fumar."),
    # what is usual
    "usual_same_weekday": N_("Comparado con los últimos {days} {weekday} con ventas."),
    "usual_all_weekdays": N_(
        "Comparado con los últimos {days} días con ventas: de este día hay pocos todavía."
    ),
    "normal_like": N_(
        "Comparado con los {weekday}{pay_phase}{holiday}: lo que se aprendió de {days} días con ventas."
    ),
    "normal_all_weekdays": N_(
        "Comparado con los {days} días con ventas que hay: de los {weekday} hay pocos todavía."
    ),
    "normal_span": N_(
        "Comparado con lo normal de días así: {days} (de quincena: {paydays}; feriados: {holidays})."
    ),
    "usual_receipts": N_("Lo normal a esta hora son {mean} compras, entre {lo} y {hi}."),
    "receipts_by_day": N_("Compras en esa hora: {by_day}."),
    "usual_basket": N_("Lo normal a esta hora son {mean_cents} por compra, entre {lo_cents} y {hi_cents}."),
    "baskets_by_day": N_("Promedio por compra en esa hora: {by_day_cents}."),
    "usual_rest": N_("Lo normal de ahora al cierre son {mean_cents}, entre {lo_cents} y {hi_cents}."),
    "rest_by_day": N_("Vendido de esta hora al cierre: {by_day_cents}."),
    # rhythms
    "pay_curve_peak": N_("En el cobro y los dos días que siguen se vende {share} más que un día corriente."),
    "pay_curve_flat": N_("Aquí la quincena casi no se nota."),
    "pay_curve_sample": N_("Aprendido de {paydays} días de cobro y {days} días con ventas."),
    "seasons_sample": N_("Aprendido de {days} días con ventas, cada efecto sin los demás."),
    "months_need_year": N_("Para conocer los meses hace falta un año de ventas; hay {days} días."),
    # live
    "traffic_busy": N_("Más gente que lo normal: {now} en la última hora, lo normal son {usual}."),
    "traffic_slow": N_("Menos gente que lo normal: {now} en la última hora, lo normal son {usual}."),
    "basket_high": N_("Están comprando más por visita: {now_cents}, lo normal son {usual_cents}."),
    "revenue_rest_high": N_(
        "Buen día por delante: se esperan {expected_cents} más, lo normal son {usual_cents}."
    ),
    "segment_peak": N_("{segment}: van a pedir {categories}."),
    "segment_peak_plain": N_("{segment}: es su hora."),
    "segment_peak_hours": N_("Vienen sobre todo a las {hours}."),
    "usual_pair": N_("{share} de los que llevan {first} llevan también {second}."),
    "clock_jumped": N_(
        "El reloj no cuadra: la computadora dice {now_at} y la última venta es de {last_sale_at}."
    ),
    # segments
    "segment_named": N_("{segment}"),
    "segment_sample": N_("{receipts} en {open_days}."),
    # learned segments: their names
    "learned_goods": N_("{goods}"),
    "learned_goods_when": N_("{goods} {daypart}"),
    "learned_goods_with": N_("{goods} con {also_goods}"),
    "learned_goods_hour": N_("{goods} a las {hour}"),
    "learned_goods_number": N_("{goods} {number}"),
    "learned_size_goods": N_("Compra {basket} de {goods}"),
    "learned_size_goods_when": N_("Compra {basket} de {goods} {daypart}"),
    "learned_breakfast": N_("Desayuno"),
    "learned_small_breakfast": N_("Desayuno chiquito"),
    "learned_large_breakfast": N_("Desayuno grande"),
    "learned_mixed": N_("Compra surtida"),
    "learned_mixed_when": N_("Compra surtida {daypart}"),
    "learned_mixed_number": N_("Compra surtida {number}"),
    "learned_size_mixed": N_("Compra {basket} surtida"),
    "learned_size_mixed_when": N_("Compra {basket} surtida {daypart}"),
    # learned segments: how firm they are
    "learned_found": N_("Tus compras se agrupan solas en {count} tipos distintos."),
    "learned_fewer": N_(
        "Tus ventas dejan ver solo {count} tipos de compra distintos; para ver {wanted} hace falta más variedad."
    ),
    "learned_not_distinct": N_(
        "Las compras no se separan bien unas de otras: toma estos {count} grupos como una idea, no como un hecho."
    ),
    "learned_steady": N_("Calculado otra vez con la mitad de las ventas, coincide en un {share}."),
    "learned_apart": N_(
        "Separación entre grupos: {separation} de 1; con las mismas compras barajadas al azar sería {chance}."
    ),
    "learned_one_item": N_("El {share} de las compras es de un solo producto: en ellas hay poco que ver."),
    # what to do with a segment
    "strategy_win_back": N_("Recupéralos: pregunta qué les falta y dales una razón para volver."),
    "strategy_protect": N_("Cuídalos: que nunca les falte lo suyo; de ellos vives."),
    "strategy_grow": N_("Apóyalos, que van creciendo: surte más y ponlo a la vista."),
    "strategy_raise_basket": N_("Súbeles la compra: ofréceles una cosa más que combine."),
    "strategy_serve_fast": N_("Despáchalos rápido: menudo listo y lo suyo a la mano en sus horas."),
    "strategy_watch": N_("Sigue igual y míralos: no hay nada que cambiar ahora."),
    "strategy_wait": N_("Espera a tener más ventas antes de decidir."),
    "segment_earns": N_("Dejan {share} de lo que vendes."),
    "segment_grew": N_("Compran {share} más veces por día que en los {days} días de antes."),
    "segment_shrank": N_("Compran {share} menos veces por día que en los {days} días de antes."),
    "segment_as_before": N_("Compran tanto como antes: el cambio no pasa de lo que el azar mueve."),
    "segment_not_compared": N_("Todavía no hay un período anterior con que compararlos."),
    "segment_basket": N_("Gastan {own_cents} por compra; el promedio de la casa es {usual_cents}."),
    "segment_few_lines": N_("Llevan {lines_each} productos por compra."),
    "segment_rush": N_("{share} de sus compras caen en pocas horas: {hours}."),
    # forecasts
    "forecast_method": N_(
        "Método: {model}. Error típico {wape}; repetir la semana pasada erraría {naive_wape}."
    ),
    "little_history": N_("Hay solo {days} días con ventas; con {needed} el pronóstico será más firme."),
    "level_shift_up": N_("Desde el {day} se vende {share} más que antes; el pronóstico ya parte de ahí."),
    "level_shift_down": N_("Desde el {day} se vende {share} menos que antes; el pronóstico ya parte de ahí."),
    "days_cut_short": N_("Días en que se fue la luz o se cerró antes, que no cuentan como flojos: {days}."),
    "few_receipts": N_(
        "Con unas {receipts} compras al día, el azar solo ya mueve cada día un {floor}; más exacto no se puede."
    ),
    "closed_weekday": N_("Los {weekday} se cierra."),
    "closed_weekdays": N_("Se cierra los {weekdays}."),
    "forecast_naive": N_("Método: {model}. Error típico {wape}; por ahora ningún otro acierta más."),
    "absurd_day": N_("No se contó el {day}: se vendió {times} veces lo de un día normal. Revisa esa venta."),
    "without_hour": N_("Sin contar el {share} de las compras, que no trae la hora."),
    "few_an_hour": N_(
        "Con unas {receipts} compras por hora, el azar mueve mucho cada hora; fíjate más en varias juntas."
    ),
    "demand_smooth": N_("Se vende casi todos los días y parejo: {sold_days} de {open_days} días."),
    "demand_erratic": N_(
        "Se vende casi todos los días, unos mucho y otros poco: {sold_days} de {open_days} días."
    ),
    "demand_intermittent": N_(
        "Se vende salteado y en cantidades parecidas: {sold_days} de {open_days} días."
    ),
    "demand_lumpy": N_("Se vende salteado, y a veces mucho de golpe: {sold_days} de {open_days} días."),
    "not_sold_lately": N_("Lleva {days} días abiertos sin venderse."),
    "drift_none": N_("El pronóstico sigue tan acertado como siempre."),
    "drift_worse": N_(
        "El pronóstico falla más en las últimas {weeks} semanas: {wape} de error, antes {before_wape}."
    ),
    "drift_bias_high": N_("En las últimas {weeks} semanas el pronóstico esperó {share} de más."),
    "drift_bias_low": N_("En las últimas {weeks} semanas el pronóstico esperó {share} de menos."),
    "track_backtest": N_(
        "Semanas de prueba, cada una con lo que se sabía antes: {weeks}. Todavía no ha pasado ninguna de verdad."
    ),
    "track_partly": N_("Semanas pronosticadas en su momento: {weeks}; de prueba: {tried}."),
    "track_kept": N_("Semanas pronosticadas en su momento: {weeks}."),
    "weekday": N_("Es {weekday}"),
    "payday": N_("Quincena"),
    "before_payday": N_("Antes de la quincena"),
    "holiday": N_("Feriado: {holiday}"),
    "eve": N_("Víspera de feriado"),
    "occasion": N_("{occasion}"),
    "december": N_("Diciembre"),
    "trend": N_("Tendencia de las últimas semanas"),
    # what to do
    "prepare_peak_day": N_("Prepárate para el {day}: se esperan {cents}"),
    "peak_above_mean": N_("{share} más que el promedio de los días que vienen."),
    "offer_pair": N_("Ofrece {second} a quien lleva {first}"),
    "win_back_segment": N_("Recupera a los de {segment}"),
    "segment_fell": N_("Sus compras bajaron {share} frente a los {days} días de antes."),
    "look_at_quarantine": N_("Revisa las filas que no se pudieron importar: {rows}"),
    "quarantine_not_counted": N_("Están guardadas, pero no cuentan como ventas."),
    # known customers: segments
    "rfm_sample": N_("Clientes conocidos que han comprado: {customers}, en {days} de historia."),
    "rfm_short_history": N_("Hay solo {days} de historia: los segmentos serán más firmes con dos meses."),
    "rfm_cluster_traits": N_("Los que {traits}"),
    "rfm_cluster_numbered": N_("Los que {traits} ({number})"),
    "rfm_cluster_usual": N_("Los que compran como casi todos"),
    "rfm_cluster_usual_numbered": N_("Los que compran como casi todos ({number})"),
    "customers_earn": N_("Dejan {share} de lo que compran tus clientes conocidos."),
    "customers_grew": N_("Cada uno gasta {share} más por día que los de este grupo {days} días antes."),
    "customers_shrank": N_("Cada uno gasta {share} menos por día que los de este grupo {days} días antes."),
    "customers_as_before": N_(
        "Gastan tanto como los de este grupo {days} días antes, salvo lo que mueve el azar."
    ),
    "customers_not_compared": N_("Todavía no hay un período anterior con que compararlos."),
    "customer_gift_none": N_("Ellos vienen de todos modos: un regalo o descuento no hace falta."),
    "customer_gift_pays": N_("Por cada RD$ 1 en un regalo chiquito se esperan {gained} de ganancia."),
    "customer_gift_costs": N_("Un regalo no se paga solo: por cada RD$ 1 se esperan {gained} de ganancia."),
    "customer_gift_more": N_(
        "Se supone: un regalo de {cents}; de cada 100 clientes, {more} vienen {visits} veces más por él y "
        "{anyway} lo toman y habrían venido igual; de cada venta te queda {share}."
    ),
    "customer_gift_back": N_(
        "Se supone: un regalo de {cents}; de cada 100 clientes, {more} vuelven por él y compran unas {visits} "
        "veces en tres meses, y {anyway} lo toman y habrían vuelto igual; de cada venta te queda {share}."
    ),
    "customer_strategy_champions": N_("Cuídalos: salúdalos por su nombre y que nunca les falte lo suyo."),
    "customer_strategy_loyal": N_("Dales las gracias y tenles listo lo de siempre."),
    "customer_strategy_potential_loyalists": N_(
        "Que se hagan de la casa: aprende qué llevan y tenlo a mano."
    ),
    "customer_strategy_new": N_("Que la segunda visita salga bien: pregúntales qué buscan y preséntate."),
    "customer_strategy_promising": N_("Vienen a su paso: enséñales qué más tienes de lo que ya llevan."),
    "customer_strategy_need_attention": N_("Van un poco atrasados: pregúntales si les falta algo."),
    "customer_strategy_at_risk": N_(
        "Hace falta verlos: escríbeles o mándales un saludo antes de que se vayan."
    ),
    "customer_strategy_lost": N_("Un saludo, una sola vez; si no vuelven, déjalos tranquilos."),
    "customer_message_champions": N_(
        "Hola, {{name}}. Gracias por preferirnos siempre. Si algún día busca algo y no lo tengo, dígamelo y se lo "
        "consigo."
    ),
    "customer_message_loyal": N_("Hola, {{name}}. Gracias por comprar con nosotros: aquí tiene su casa."),
    "customer_message_potential_loyalists": N_(
        "Hola, {{name}}. Qué bueno tenerle por aquí. Si quiere que le tenga algo listo, avíseme."
    ),
    "customer_message_new": N_(
        "Hola, {{name}}. Gracias por su visita. Cualquier cosa que busque, pregúnteme con confianza."
    ),
    "customer_message_promising": N_(
        "Hola, {{name}}. Gracias por venir. Dígame qué le gusta y se lo tengo para la próxima."
    ),
    "customer_message_need_attention": N_(
        "Hola, {{name}}. Espero que todo vaya bien. Si necesita algo, aquí estamos para servirle."
    ),
    "customer_message_at_risk": N_(
        "Hola, {{name}}. Hace días que no le vemos y se le extraña. ¿Todo bien? Aquí estamos cuando quiera."
    ),
    "customer_message_lost": N_(
        "Hola, {{name}}. Hace tiempo que no le vemos. Si algo no le gustó, dígamelo y lo arreglamos: aquí tiene las "
        "puertas abiertas."
    ),
    "move_first_purchase": N_("Compró por primera vez el {day}."),
    "move_stopped_coming": N_("Lleva {days_away} sin venir; lo suyo es cada {gap_days}."),
    "move_came_again": N_("Volvió: {purchases} desde entonces."),
    "move_no_longer_new": N_("Ya no es cliente nuevo: lleva {purchases}."),
    "move_comes_more": N_("Viene más: {purchases}; antes {purchases_before}."),
    "move_comes_less": N_("Viene menos: {purchases}; antes {purchases_before}."),
    "move_spends_more": N_("Gasta más: {now_cents}; antes {before_cents}."),
    "move_spends_less": N_("Gasta menos: {now_cents}; antes {before_cents}."),
    "move_is_late": N_("Va un poco atrasado: {days_away} sin venir."),
    "move_others_less": N_("Compra parecido a antes; son los demás los que bajaron."),
    "move_others_more": N_("Compra parecido a antes; son los demás los que subieron."),
    # one known customer
    "profile_sample": N_("Aprendido de {purchases} en {days_known}."),
    "style_regular": N_(
        "El {share} de lo que lleva lo ha llevado tres veces o más; escogiendo al azar sería {usual_share}."
    ),
    "style_bargain": N_("El {share} lo compró más barato que de costumbre; de todos, {usual_share}."),
    "style_impulse": N_(
        "El {share} de sus visitas es por una picadera o un refresco y nada más; de todos, {usual_share}."
    ),
    "style_few": N_("Hay solo {purchases}: todavía no se sabe cómo escoge."),
    "style_like_all": N_("En {purchases} no hay nada que lo distinga."),
    "loyalty_tenure": N_("Compra aquí desde hace {months_known}."),
    "loyalty_weeks": N_("Vino en {share} de las semanas."),
    "loyalty_some_weeks": N_("Vino en {share} de las semanas: también compra en otro lado o necesita poco."),
    "loyalty_in_rhythm": N_("Sigue en su ritmo: cada {gap_days}."),
    "loyalty_late": N_("Se salió de su ritmo: {days_away} sin venir, y lo suyo es cada {gap_days}."),
    "loyalty_more": N_("Viene más: {purchases} en los últimos {days} días; antes {purchases_before}."),
    "loyalty_less": N_("Viene menos: {purchases} en los últimos {days} días; antes {purchases_before}."),
    "loyalty_steady": N_("Viene igual que antes: {purchases} en los últimos {days} días."),
    # known customers: what they are worth, and whether they may be lost
    "lifetime_method": N_(
        "Método: {method}. Escogido con lo que {customers} clientes gastaron de verdad en {days} días que ya pasaron."
    ),
    "lifetime_error": N_(
        "En esa prueba falló por {error_cents} de promedio; lo normal fueron {mean_cents} por cliente."
    ),
    "lifetime_stretched": N_("Se probó a {days} días y de ahí se lleva a {ahead}: hace falta más historia."),
    "lifetime_few_customers": N_(
        "Hay {have} para aprender y hacen falta {needed}: se usa compra promedio por visitas al año."
    ),
    "lifetime_short_history": N_(
        "Hay {days} de ventas a clientes y hacen falta {needed}: se usa compra promedio por visitas al año."
    ),
    "churn_method": N_(
        "Método: {method}. Escogido y ajustado con {customers} casos que ya se sabe cómo terminaron."
    ),
    "churn_ranking": N_(
        "Puesto a prueba con clientes que se fueron ({lost}) y que se quedaron ({stayed}): de uno y otro, acierta cuál se fue en {share} de los casos."
    ),
    "churn_few_customers": N_(
        "Hay {have} para aprender y hacen falta {needed}: el riesgo sale solo de cuánto se han atrasado."
    ),
    "churn_short_history": N_(
        "Hay {days} de ventas a clientes y hacen falta {needed}: el riesgo sale solo de cuánto se han atrasado."
    ),
    "churn_few_lost": N_(
        "Hay menos de {needed} casos de clientes que se fueron, o que se quedaron: el riesgo sale de un modelo de visitas."
    ),
    "churn_untried": N_(
        "Todavía hay pocos meses para probar los métodos: el riesgo sale de la mezcla de todos."
    ),
    "churn_factor_late": N_("No viene desde hace {days}; suele venir cada {rhythm}."),
    "churn_factor_on_time": N_("Va a su ritmo: {days} desde su última visita; suele venir cada {rhythm}."),
    "churn_factor_slower": N_("Viene {share} menos que antes."),
    "churn_factor_faster": N_("Viene {share} más que antes."),
    "churn_factor_few_visits": N_("Ha venido menos que la mayoría: {visits}."),
    "churn_factor_many_visits": N_("Ha venido más que la mayoría: {visits}."),
    "churn_factor_smaller_baskets": N_("Sus últimas compras son {share} más chiquitas."),
    "churn_factor_larger_baskets": N_("Sus últimas compras son {share} más grandes."),
    "churn_factor_taste_leaves": N_("Compra lo que compran los que se van."),
    "churn_factor_taste_stays": N_("Compra lo que compran los que se quedan."),
    # known customers: when they come again, what they need, what to do
    "next_sample": N_("Aprendido de {visits} visitas de {customers}."),
    "next_method": N_(
        "Método: {method}. Probado con visitas que ya pasaron, falla por {error_days} días de promedio; "
        "sus siete días más probables aciertan {share} de las veces."
    ),
    "next_rule": N_(
        "Todavía hay pocas visitas para aprender: se usa la última visita más la espera de siempre de cada uno."
    ),
    "next_left_out": N_(
        "Clientes sin fecha, que difícilmente vuelvan en los próximos {days} días: {customers}."
    ),
    "replenish_sample": N_("Productos que un cliente lleva seguido: {habits}; a un ritmo claro: {told}."),
    "replenish_method": N_(
        "Probado con compras que ya pasaron: falla por {error_days} días de promedio, y la semana dicha acierta "
        "{share} de las veces; aquí solo se dicen las que van a un ritmo claro."
    ),
    "replenish_rule": N_(
        "Todavía hay pocas compras para aprender: se usa la última vez más la espera de siempre de cada cosa."
    ),
    "chance_rule": N_(
        "Todavía hay poco para aprender: se usa en cuántas de las últimas {weeks} semanas lo llevó cada uno."
    ),
    "chance_method": N_(
        "Probado con las últimas semanas: acierta {share}; decir siempre lo más común acertaría {base_share}."
    ),
    "chance_sample": N_("Aprendido de {customers} y {days} días."),
    "action_remind": N_("Escríbele que ya le toca lo suyo"),
    "action_win_back": N_("Escríbele con cariño: pregúntale qué le faltó"),
    "action_greet": N_("Si pasa por aquí, salúdalo y pregúntale si algo no le gustó"),
    "action_check_in": N_("Pregúntale por mensaje si se le ofrece algo"),
    "action_thank_new": N_("Escríbele para darle las gracias por venir"),
    "action_welcome": N_("Cuando vuelva, preséntate y pregúntale qué busca"),
    "action_thank": N_("Dale las gracias cuando venga y tenle listo lo de siempre"),
    "action_offer": N_("Cuando venga, enséñale lo que tienes de {category}"),
    "action_leave_alone": N_("Viene por su cuenta: no hay que hacer nada"),
    "action_let_go": N_("Déjalo tranquilo; si vuelve, recíbelo como siempre"),
    "action_why_late": N_("Lleva {days_away} sin venir; lo suyo es cada {gap_days}."),
    "action_why_risk": N_("La probabilidad de que no vuelva es de {share}."),
    "action_why_spends": N_("En un año ha gastado {cents} en {purchases}."),
    "action_why_new": N_("Apenas te está conociendo: lleva {purchases}."),
    "action_why_due": N_("Lo ha llevado {times} veces y le toca en {days_away}."),
    "action_why_may_miss": N_("Sin un aviso, la probabilidad de que no venga esta semana es de {share}."),
    "action_why_now_and_then": N_(
        "Lo lleva de vez en cuando: la probabilidad de que lo compre esta semana es de {share}."
    ),
    "action_why_comes": N_("La probabilidad de que venga esta semana sin que le digas nada es de {share}."),
    "predictions_judged": N_("Meses comparados con lo que pasó después: {months}; {customers} predicciones."),
    # prices
    "elasticities_sample": N_("Se pudo juzgar el precio de {judged} de {all} productos."),
    "elasticity_sample": N_(
        "Se aprendió de {prices} precios, de {lowest_cents} a {highest_cents}, en {days} días con ventas."
    ),
    "elasticity_borrowed": N_(
        "Sus propias ventas dicen poco todavía: se apoya en los demás productos de {category}."
    ),
    "elasticity_unusual": N_(
        "Parece venderse más cuando sube: es raro, y casi siempre la causa es otra. No lo subas por eso."
    ),
    "elasticity_left_out": N_("Sin contar el {share} de lo vendido, que fue por monto o con otro precio."),
    "elasticity_out_of_stock": N_("Tampoco cuentan los días en que casi no había qué vender: {days}."),
    "prices_none": N_(
        "Todavía no se puede aconsejar ningún precio: hace falta que cambien y que se vendan lo bastante. Productos mirados: {all}."
    ),
    "prices_sample": N_("Se pudo aconsejar el precio de {judged} de {all} productos."),
    "price_cost_rose": N_("Te cuesta {new_cents}; hace tres meses, {old_cents}."),
    "price_without_cost": N_(
        "Sin saber lo que te cuesta, se busca el precio que más vende en pesos, no el que más gana."
    ),
    "price_below_cost": N_("Lo vendes por menos de los {cost_cents} que te cuesta."),
    "price_check_cost": N_(
        "Ningún precio de los probados paga lo que cuesta: revisa el costo, o véndelo más caro."
    ),
    "price_stay": N_("Déjalo igual: ningún otro precio gana más con seguridad."),
    "price_uncertain": N_("Todavía no se sabe bien cómo responde la gente a este precio: mejor no lo subas."),
    "price_inelastic": N_("La gente casi no deja de comprarlo: 10 % más caro, se vende {share} menos."),
    "price_elastic_raise": N_(
        "La gente lo siente (10 % más caro, se vende {share} menos), pero lo que deja cada uno lo compensa."
    ),
    "price_elastic": N_("La gente se fija en este precio: 10 % más caro, se vende {share} menos."),
    "price_at_bound": N_(
        "Más lejos no se aconseja: solo se han probado precios de {lowest_cents} a {highest_cents}."
    ),
    "price_known_item": N_(
        "Es el número {place} de lo que más se compra: la gente se sabe su precio. Súbelo poco a poco."
    ),
    "price_set_elsewhere": N_("El precio de las recargas lo pone la compañía."),
    "price_part_by_amount": N_(
        "Una parte se pide por monto («deme 25 pesos»): esos gastan siempre lo mismo."
    ),
    "price_refused_prices": N_(
        "El precio no ha cambiado lo suficiente: hacen falta {needed} precios distintos y hay {have}."
    ),
    "price_refused_days": N_("Hacen falta {needed} días con ventas de este producto, y hay {have}."),
    "price_refused_by_amount": N_(
        "Casi todo se pide por monto («deme 25 pesos»): así no se puede saber cómo responde la gente al precio."
    ),
    "price_refused_open_price": N_("No tiene un precio: en la caja se le pone uno distinto en cada venta."),
    "price_refused_receipts": N_(
        "Se ha vendido poco últimamente: hacen falta {needed} ventas en los últimos seis meses y hay {have}."
    ),
    "price_refused_sales": N_("No hay ventas de este producto."),
    "alarm_cost_rose": N_("Costaba {old_cents}; desde el {day} cuesta {new_cents}."),
    "alarm_margin": N_("De lo que vendes te queda el {new_margin}; antes, el {old_margin}."),
    "sell_off_product": N_("Saca {product} de la góndola: rebájalo o devuélvelo"),
    "product_asleep": N_(
        "Lleva {days} días sin venderse y ahí duermen {cents}; se cuenta con que en dos semanas salga el {share}, al costo."
    ),
    "sell_off_products": N_("Saca de la góndola {count} productos que no se venden"),
    "products_asleep": N_(
        "Entre ellos {names}: ahí duermen {cents}; se cuenta con que en dos semanas salga el {share}, al costo."
    ),
    "look_at_stopped": N_("Revisa {count} productos que dejaron de venderse"),
    "products_stopped": N_("Se vendían y ya no: mira si quedan, y si vale la pena tenerlos."),
    "restock_product": N_("Pide {product} antes de que se acabe"),
    "product_runs_out": N_(
        "Como se vende ahora, se acaba hacia el {day}; la cuenta es de lo que se deja de ganar en {days} días sin él."
    ),
    "restock_products": N_("Pide {count} productos antes de que se acaben"),
    "products_run_out": N_(
        "Entre ellos {names}; la cuenta es de lo que se deja de ganar en {days} días sin ellos."
    ),
    "follow_costs": N_("Mira el precio de {count} productos: les subió el costo"),
    "costs_rose": N_("Entre ellos {names}. Mientras no suban dejas de ganar {cents} a la semana."),
    "follow_cost": N_("Sube {product} a {cents}: te subió el costo"),
    "cost_rose": N_("Desde el {day} te cuesta {new_cents} y antes {old_cents}; lo vendes a {now_cents}."),
    "raise_price": N_("Sube {product} a {cents}"),
    "lower_price": N_("Baja {product} a {cents}"),
    "price_pays_profit": N_(
        "Ahora está a {now_cents}. En dos semanas la ganancia cambia entre {lo_cents} y {hi_cents}."
    ),
    "price_pays_revenue": N_(
        "Ahora está a {now_cents}. En dos semanas la venta cambia entre {lo_cents} y {hi_cents}; sin el costo no se sabe la ganancia."
    ),
    "price_step_profit": N_(
        "Ahora está a {now_cents}. Con este paso la ganancia de dos semanas cambia entre {lo_cents} y {hi_cents}; si va bien, se sigue hacia {best_cents}."
    ),
    "price_step_revenue": N_(
        "Ahora está a {now_cents}. Con este paso la venta de dos semanas cambia entre {lo_cents} y {hi_cents}; si va bien, se sigue hacia {best_cents}. Sin el costo no se sabe la ganancia."
    ),
    "offer_product": N_("Ofrece {product} a quien lleva {with_product}"),
    "pair_bought_together": N_(
        "{share} de los que llevan {with_product} llevan también {product}: díselo a los demás."
    ),
    "make_bundle": N_("Arma un combo por {cents}: {names}"),
    "bundle_saves": N_(
        "Por separado son {single_cents}: se ahorran {saving_cents}. Ya van juntos en {receipts} compras."
    ),
    "win_back_customers": N_("Recupera a {customers} en riesgo de irse"),
    "customers_slipping": N_(
        "Te han comprado {cents} y ya no vienen a su paso; en la página está qué decirles."
    ),
    "remind_customers": N_("Ten listo lo de {customers} para estos días"),
    "customers_due": N_("Por su costumbre ya les hace falta lo de siempre; en la página está quiénes y qué."),
    # what came of it
    "outcome_better": N_("Se nota: {cents} más de lo que se esperaba sin él ({expected_cents})."),
    "outcome_worse": N_("Fue peor: {cents} menos de lo que se esperaba sin él ({expected_cents})."),
    "outcome_as_before": N_("No se nota diferencia: lo que cambió también cambia solo."),
    "outcome_too_early": N_("Todavía es temprano: se mira a los {days} días."),
    "outcome_not_measurable": N_("Esto no se puede medir en las ventas."),
    "outcome_closed": N_("En esos días se abrió muy poco ({days}): no hay qué comparar."),
    "outcome_little_history": N_("Hacen falta {days} días de ventas de antes para saber qué se esperaba."),
    "outcome_was_silent": N_("En los {days} días de antes no se vendió nada."),
    "outcome_placebos": N_(
        "Comparado con {count} tramos iguales de antes, y con cómo le fue al resto del colmado."
    ),
    # care of products
    "care_window": N_("De {days} con ventas."),
    "care_uncosted": N_("Del {share} de lo vendido no se sabe el costo: ahí no se cuenta ganancia."),
    "care_costs_told_later": N_("En el {share} de lo vendido se usó un costo que se supo después."),
    "care_stock_known": N_(
        "Productos con existencia contada: {count}. Lo que llegó después de contar no se sabe."
    ),
    "care_no_stock": N_(
        "No hay existencias: tráelas con la lista de productos para saber qué se acaba y qué duerme."
    ),
    "care_quiet": N_("Lleva {days} días sin venderse; antes salía cada {gap}."),
    "care_quiet_once": N_("Lleva {days} días sin venderse; antes salió un solo día."),
    "care_under_cost": N_("Se vendió por {cents} menos de lo que costó."),
    "care_by_amount": N_(
        "Se vende por monto («deme 25 pesos»): la ganancia sale de lo cobrado contra el costo de lo pesado, no de un precio por unidad."
    ),
    "care_stock_gone": N_("Según lo contado hace {days} ya no queda: si llegó más, cuéntalo."),
    "care_stock_old": N_("Se contó hace {days} días: si llegó más después, cuéntalo de nuevo."),
    # what goes together
    "baskets_sample": N_("Aprendido de {receipts}; el {share} lleva dos productos o más."),
    "baskets_hit_rate": N_(
        "Prueba: a cada compra nueva se le escondió un producto, y el {share} de las veces estaba entre los cinco"
        " que se ofrecerían; ofreciendo siempre lo más vendido, el {popular_share}."
    ),
    "bundle_receipts": N_("Ya se lleva junto en {receipts}."),
    "bundle_given_away": N_("Ya se descontó lo que ahorran quienes igual lo llevan todo: {cents} al mes."),
    "bundle_without_cost": N_("Falta el costo de algo: no se sabe cuánto dejaría."),
    # what to offer
    "recommend_similar": N_("Es de lo mismo y cuesta {price_cents}."),
    "recommend_cross_sell": N_("{share} de los que llevan {product} lo llevan también."),
    "recommend_fits": N_("Va bien con {product}."),
    "recommend_cheaper_inside": N_("Trae {times} veces lo mismo, y rinde {share} más barato."),
    "recommend_larger": N_("Trae {times} veces lo mismo por {more_cents} más."),
    "recommend_bundle": N_("Con {products} por {price_cents}: ahorra {saving_cents}."),
    "recommend_trending": N_(
        "Se vende {share} más que antes, sin contar la época ni lo que creció el negocio."
    ),
    "recommend_occasion": N_("Para {occasion} se vende {times} veces lo de otros días."),
    "recommend_month": N_("En {month} se vende {times} veces lo de otros meses."),
    "recommend_due": N_("Lo lleva cada {days}; la última vez fue hace {since_days}."),
    "recommend_taste": N_("Va con lo que suele llevar: {product}."),
    "offer_with": N_("Ofrece {offered} con {product}."),
    "taken_at_till": N_("Ofrecido en la caja, lo llevaron {taken} de {offered}."),
    # imports
    "quarantined": N_("{rows} filas: {code}"),
    "totals_rows": N_("{rows} filas de totales que no son ventas."),
    "other_tables": N_("El archivo trae otras tablas que no se leyeron: {names}."),
    "tenders_are_columns": N_("La forma de pago sale de las columnas {names}."),
    "basket_in_a_cell": N_(
        "La columna «{header}» trae la compra entera: se sabe qué se llevaron, pero no cuánto costó cada cosa."
    ),
    "only_totals": N_(
        "La columna «{header}» es de la compra entera: se sabe qué se llevaron, pero no cuánto costó cada cosa."
    ),
    "rows_continue": N_("Las filas sin recibo ni fecha son de la compra de arriba."),
    "column_counts_lines": N_("La columna «{header}» cuenta los productos de la compra; no es dinero."),
    "receipt_total_repeated": N_("La columna «{header}» repite el total de la compra en cada línea."),
    "amount_before_discount": N_("La columna «{header}» es antes del descuento."),
    "price_is_line_total": N_("El precio es el de toda la línea, no el de una unidad."),
    "amount_reconciles": N_("Cantidad por precio da el monto en {share} de las filas."),
    "date_order_assumed": N_("Las fechas se leyeron {order}; el archivo no lo deja claro."),
    "late_receipts": N_("Cambiaron días ya vistos: {receipts} compras llegaron tarde, la primera del {day}."),
    "no_receipt_number": N_("No trae número de recibo: las líneas del mismo momento son una compra."),
    "no_time_of_day": N_("No trae la hora: estas ventas no cuentan en nada por hora."),
    # quality of the data
    "missing_cost": N_("Productos sin costo: {count}. Sin él no se sabe cuánto dejan."),
    "price_under_cost": N_("Productos que se venden por menos de lo que cuestan: {count}."),
    "unsure_category": N_("Productos cuya categoría no se sabe bien: {count}."),
    "catch_all_products": N_("Ventas que no dicen de qué son: VARIOS y parecidos."),
    "unnamed_products": N_("Ventas sin nombre de producto."),
    "rows_in_quarantine": N_("Filas que esperan en cuarentena y no cuentan como ventas: {rows}."),
    "future_sales": N_("Compras con una fecha que todavía no ha llegado: {count}."),
    "clock_jumps": N_("Veces que el reloj de la caja saltó hacia atrás: {count}."),
    "days_without_sales": N_("Días sin una sola venta, sin contar los que se cierra: {days}."),
    "receipts_without_time": N_("Compras sin hora, que no cuentan en nada por hora: {count}."),
    # experiments with ways to ask Grok
    "experiment_minimum": N_(
        "Con {opinions} más se podrá comparar: con menos de {needed} de cada manera, una buena noche engaña."
    ),
    "experiment_undecided": N_("Todavía no se nota cuál gusta más; con {opinions} más puede que sí."),
    "experiment_winner": N_(
        "La manera {arm} gusta más: te gustó {share} de lo que escribió; de la {other_arm}, {other_share}."
    ),
    "experiment_peeking": N_(
        "Puedes mirar cada día: entre dos maneras iguales, esto se diría menos de 1 vez en 20."
    ),
    "experiment_alike": N_(
        "Con {votes} opiniones de cada manera no se nota diferencia: quédate con la {arm}, que cuesta menos."
    ),
    "experiment_fails": N_(
        "La manera {arm} falla demasiado la revisión: pasaron {passed} de {answers} respuestas."
    ),
}


_DAYS_TOLD = 5


def _categories(values: Any) -> str:
    return join_words([category_name(str(value)).lower() for value in values])


def _hours(values: Any) -> str:
    return join_words([hour_label(int(value)) for value in sorted(values)])


def _of_phase(phase: Any) -> str:
    phases = {"payday": _(" de quincena"), "before": _(" de antes de la quincena")}
    return phases.get(str(phase), "")


def _in_brackets(holiday: Any) -> str:
    return f" ({occasion_name(str(holiday))})" if holiday else ""


def _unit_money(cents: Any) -> str:
    """What one unit costs: to the cent where cents there are, as of an egg."""
    return money_exact(int(cents)) if int(cents) % 100 else money(float(cents))


def _moment(seconds: Any) -> str:
    moment = moment_of(int(seconds))
    return f"{short_date(moment.date())}, {clock(moment)}"


def _count(value: Any) -> str:
    return number(float(value))


def _weekdays(values: Any) -> str:
    return join_words([weekdays_name(int(value)) for value in values])


def _purchases(value: Any) -> str:
    return ngettext("{n} compra", "{n} compras", int(value)).format(n=_count(value))


def _visits(value: Any) -> str:
    return ngettext("{n} visita", "{n} visitas", int(value)).format(n=_count(value))


def _customers(value: Any) -> str:
    return ngettext("{n} cliente", "{n} clientes", int(value)).format(n=_count(value))


def _open_days(value: Any) -> str:
    return ngettext("{n} día abierto", "{n} días abiertos", int(value)).format(n=_count(value))


def _days(value: Any) -> str:
    return ngettext("{n} día", "{n} días", int(value)).format(n=_count(value))


def _opinions(value: Any) -> str:
    return ngettext("{n} opinión", "{n} opiniones", int(value)).format(n=_count(value))


def _months(value: Any) -> str:
    return ngettext("{n} mes", "{n} meses", int(value)).format(n=_count(value))


def _traits(values: Any) -> str:
    return join_words([customer_trait(str(value)) for value in values])


def _day(value: Any) -> str:
    return short_date(date.fromisoformat(str(value)))


def _decimals(value: Any) -> str:
    return number(float(value), 2)


def _by_day(write: Callable[[float], str]) -> Callable[[Any], str]:
    """18 el vie 13 nov · 15 el vie 6 nov: the newest days, few enough to be read at a glance."""

    def words(values: Any) -> str:
        told = list(values)[:_DAYS_TOLD]
        days = [_("{value} el {day}").format(value=write(float(value)), day=_day(day)) for day, value in told]
        return " · ".join([*days, "…"] if len(values) > _DAYS_TOLD else days)

    return words


def _date_order(order: Any) -> str:
    orders = {"dmy": _("día/mes/año"), "mdy": _("mes/día/año"), "ymd": _("año-mes-día")}
    return orders.get(str(order), str(order))


class Named(Protocol):
    """What `segment_title` needs of a segment."""

    @property
    def segment_id(self) -> str:
        """A stable word."""
        ...

    @property
    def name(self) -> Reason | None:
        """What the name of a learned segment is made of; None of the others."""
        ...


_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "share": lambda value: percent(float(value)),
    "wape": lambda value: percent(float(value)),
    "naive_wape": lambda value: percent(float(value)),
    "before_wape": lambda value: percent(float(value)),
    "floor": lambda value: percent(float(value)),
    "weekday": lambda value: weekday_name(int(value)),
    "weekdays": _weekdays,
    "segment": lambda value: segment_name(str(value)),
    "first": lambda value: category_name(str(value)).lower(),
    "second": lambda value: category_name(str(value)).lower(),
    "categories": _categories,
    "hours": _hours,
    "hour": lambda value: hour_label(int(value)),
    "holiday": lambda value: occasion_name(str(value)),
    "occasion": lambda value: occasion_name(str(value)),
    "day": _day,
    "model": lambda value: model_name(str(value)),
    "now_at": _moment,
    "order": _date_order,
    "last_sale_at": _moment,
    "by_day": _by_day(number),
    "code": lambda value: bad_row_reason(str(value)),
    "goods": lambda value: goods_name(str(value)),
    "also_goods": lambda value: goods_name(str(value)),
    "daypart": lambda value: daypart_name(str(value)),
    "basket": lambda value: basket_name(str(value)),
    "separation": _decimals,
    "popular_share": lambda value: percent(float(value)),
    "products": lambda values: join_words([str(value) for value in values]),
    "times": lambda value: number(float(value), 1),
    "chance": _decimals,
    "lines_each": lambda value: number(float(value), 1),
    "days_away": _days,
    "days_known": _days,
    "months_known": _months,
    "usual_share": lambda value: percent(float(value)),
    "gap_days": _days,
    "purchases": _purchases,
    "purchases_before": _purchases,
    "traits": _traits,
    "gained": lambda value: money_exact(round(float(value))),
    "opinions": _opinions,
    "arm": lambda value: arm_letter(int(value)),
    "other_arm": lambda value: arm_letter(int(value)),
    "other_share": lambda value: percent(float(value)),
}
"""How a value is written, by its name; numbers named …cents are money, all others counts."""
_SPECIAL: Mapping[tuple[str, str], Callable[[Any], str]] = {
    ("baskets_by_day", "by_day_cents"): _by_day(money),
    ("rest_by_day", "by_day_cents"): _by_day(money),
    ("usual_pair", "share"): in_ten,
    ("recommend_cross_sell", "share"): in_ten,
    ("recommend_due", "days"): _days,
    ("recommend_due", "since_days"): _days,
    ("recommend_month", "month"): lambda value: month_name(int(value)),
    ("baskets_sample", "receipts"): _purchases,
    ("bundle_receipts", "receipts"): _purchases,
    ("price_cost_rose", "old_cents"): _unit_money,
    ("price_cost_rose", "new_cents"): _unit_money,
    ("price_below_cost", "cost_cents"): _unit_money,
    ("cost_rose", "old_cents"): _unit_money,
    ("cost_rose", "new_cents"): _unit_money,
    ("alarm_cost_rose", "old_cents"): _unit_money,
    ("alarm_cost_rose", "new_cents"): _unit_money,
    ("rfm_sample", "days"): _days,
    ("rfm_short_history", "days"): _days,
    ("lifetime_few_customers", "have"): _customers,
    ("lifetime_short_history", "days"): _days,
    ("churn_few_customers", "have"): _customers,
    ("churn_short_history", "days"): _days,
    ("action_why_due", "times"): _count,
    ("outcome_closed", "days"): _days,
    ("care_window", "days"): _days,
    ("care_quiet", "gap"): _open_days,
    ("care_stock_gone", "days"): _days,
    ("lifetime_method", "method"): lambda value: customer_method_name(str(value)),
    ("next_sample", "customers"): _customers,
    ("chance_sample", "customers"): _customers,
    ("churn_ranking", "share"): lambda value: chance_words(float(value)),
    ("churn_method", "method"): lambda value: customer_method_name(str(value)),
    ("churn_factor_late", "days"): _days,
    ("churn_factor_late", "rhythm"): _days,
    ("churn_factor_on_time", "days"): _days,
    ("churn_factor_on_time", "rhythm"): _days,
    ("churn_factor_few_visits", "visits"): _visits,
    ("churn_factor_many_visits", "visits"): _visits,
    ("next_method", "method"): lambda value: customer_method_name(str(value)),
    ("next_method", "error_days"): lambda value: number(float(value), 1),
    ("replenish_method", "error_days"): lambda value: number(float(value), 1),
    ("chance_method", "base_share"): lambda value: percent(float(value)),
    ("action_offer", "category"): lambda value: category_name(str(value)).lower(),
    ("elasticity_borrowed", "category"): lambda value: category_name(str(value)).lower(),
    ("alarm_margin", "old_margin"): lambda value: percent(float(value)),
    ("alarm_margin", "new_margin"): lambda value: percent(float(value)),
    ("pair_bought_together", "share"): in_ten,
    ("win_back_customers", "customers"): _customers,
    ("remind_customers", "customers"): _customers,
    ("segment_sample", "receipts"): _purchases,
    ("segment_sample", "open_days"): _open_days,
    ("traffic_busy", "now"): _purchases,
    ("traffic_slow", "now"): _purchases,
    ("usual_same_weekday", "weekday"): lambda value: weekdays_name(int(value)),
    ("closed_weekday", "weekday"): lambda value: weekdays_name(int(value)),
    ("normal_like", "weekday"): lambda value: weekdays_name(int(value)),
    ("normal_like", "pay_phase"): _of_phase,
    ("normal_like", "holiday"): _in_brackets,
    ("normal_all_weekdays", "weekday"): lambda value: weekdays_name(int(value)),
}
"""How a value is written in one sentence only."""


def _write(reason: str, name: str, value: Any) -> str:
    if (reason, name) in _SPECIAL:
        return _SPECIAL[reason, name](value)
    if name == "cents" or name.endswith("_cents"):
        return money(float(value))
    writer = _WRITERS.get(name)
    if writer is None:
        writer = _count if isinstance(value, (int, float)) else str
    return writer(value)


def segment_title(segment: Named) -> str:
    """What a segment is called: Mañaneros, Hora de almuerzo …; a learned one as its name says."""
    name = segment.name
    return segment_name(segment.segment_id) if name is None else sentence(name)


class _Values(dict[str, str]):
    """Written values; a dash where another version of the program kept a reason without one."""

    def __missing__(self, name: str) -> str:
        return "–"


def sentence(reason: Reason) -> str:
    """The reason in words."""
    template = _(SENTENCES[reason.code])
    values = {name: _write(reason.code, name, value) for name, value in reason.values}
    words = template.format_map(_Values(values))
    words = fluent(words)
    return words[:1].upper() + words[1:]
